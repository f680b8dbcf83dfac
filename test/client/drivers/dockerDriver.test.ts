import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createDockerDriver } from '../../../client/src/drivers/docker/createDockerDriver.ts'
import type { Driver } from '../../../client/src/drivers/driver.ts'
import { RunDidNotStart, UnsafeJobDirectory } from '../../../client/src/drivers/driverErrors.ts'
import { linesUntil } from '../../helpers/collectLines.ts'
import { docker, dockerMissing, dockerTest, removeContainers } from '../../helpers/docker.ts'
import { MEBIBYTE, openFolder, runOf } from '../../helpers/driverRun.ts'
import { makeStandInImage, removeImage } from '../../helpers/standInImage.ts'

const scope = `test-${randomUUID().slice(0, 8)}`
const folder = openFolder('docker')
let imageId = ''
let driver: Driver

beforeAll(async () => {
  if (dockerMissing) return
  imageId = await makeStandInImage()
  driver = createDockerDriver({ docker, imageId, scope })
})

afterAll(async () => {
  await removeContainers(scope)
  if (imageId !== '') await removeImage(imageId)
  rmSync(folder, { recursive: true, force: true })
})

const soon = () => AbortSignal.timeout(20_000)

describe('docker driver', () => {
  dockerTest('default: a run prints, ends, is found, and leaves nothing when removed', async () => {
    const run = runOf(folder, 'prints', { do: 'print', lines: 3, exitCode: 5 })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toEqual({ kind: 'exited', exitCode: 5, oomKilled: false })
    const lines = await linesUntil(driver, run.runId, 'no such text')
    const stdout = lines.filter(({ stream }) => stream === 'stdout').map(({ line }) => line)
    expect(stdout.slice(0, 3)).toEqual(['line 0', 'line 1', 'line 2'])
    expect(stdout[3]).toBe('x'.repeat(16_384))
    expect(stdout).toHaveLength(4)
    expect(lines.filter(({ stream }) => stream === 'stderr').map(({ line }) => line)).toEqual(['to stderr'])
    expect(Math.abs((lines[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000)
    expect(await driver.list()).toContain(run.runId)
    await driver.remove(run.runId)
    expect(await driver.list()).not.toContain(run.runId)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'missing' })
  })

  dockerTest('behavior: the job gets the steps and nothing else of the environment', async () => {
    const run = { ...runOf(folder, 'environment', { do: 'environment' }), fromStep: 3, toStep: 9 }
    await driver.start(run)
    await driver.wait(run.runId, soon())
    const { env } = JSON.parse(readFileSync(join(run.jobDir, 'out/environment.json'), 'utf8'))
    const given = Object.fromEntries(
      Object.entries(env).filter(([name]) => !['HOSTNAME', 'HOME', 'PATH'].includes(name)),
    )
    const steps = { TRAINYARD_FROM_STEP: '3', TRAINYARD_TO_STEP: '9' }
    expect(given).toEqual({ ...steps, NVIDIA_VISIBLE_DEVICES: 'void' })
  })

  dockerTest('behavior: a command reaches the image’s program as it is, and no shell', async () => {
    const command = ['--note', '$(id) ; "quoted" > /job/out/x']
    const run = { ...runOf(folder, 'commanded', { do: 'environment' }), command: ['/job', ...command] }
    await driver.start(run)
    await driver.wait(run.runId, soon())
    const { argv } = JSON.parse(readFileSync(join(run.jobDir, 'out/environment.json'), 'utf8'))
    expect(argv.slice(2)).toEqual(['/job', ...command])
    expect(readdirSync(join(run.jobDir, 'out'))).toEqual(['environment.json'])
  })

  dockerTest('behavior: starting twice leaves the one run as it is, also after it has ended', async () => {
    const run = runOf(folder, 'twice', { do: 'wait' })
    await driver.start(run)
    await driver.start(run)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'running' })
    expect((await driver.list()).filter((runId) => runId === run.runId)).toHaveLength(1)
    await driver.stop(run.runId, 0)
    await driver.start(run)
    expect((await driver.inspect(run.runId)).kind).toBe('exited')
  })

  dockerTest('behavior: a container that was created but never started is taken over', async () => {
    const run = runOf(folder, 'created', { do: 'print' })
    await driver.start(run)
    const container = docker.getContainer(`trainyard-${scope}-created`)
    const { Config, HostConfig } = await container.inspect()
    await driver.remove(run.runId)
    await docker.createContainer({ ...Config, HostConfig, name: `trainyard-${scope}-created` })
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'missing' })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toMatchObject({ kind: 'exited', exitCode: 0 })
  })

  dockerTest('behavior: SIGTERM reaches the job and its exit code comes back', async () => {
    const run = runOf(folder, 'term', { do: 'wait' })
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    await driver.stop(run.runId, 10_000)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'exited', exitCode: 75, oomKilled: false })
    await driver.stop(run.runId, 10_000)
  })

  dockerTest('behavior: SIGTERM ends a job that has no handler for it', async () => {
    const run = runOf(folder, 'plain', { do: 'noHandler' })
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    await driver.stop(run.runId, 10_000)
    expect(await driver.inspect(run.runId)).toMatchObject({ kind: 'exited', exitCode: 143 })
  })

  dockerTest('behavior: a job that ignores SIGTERM is killed', async () => {
    const run = runOf(folder, 'stubborn', { do: 'ignoreTerm' })
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    await driver.stop(run.runId, 1000)
    expect(await driver.inspect(run.runId)).toMatchObject({ kind: 'exited', exitCode: 137 })
  })

  dockerTest('behavior: another driver object waits for a run and reads its log from any point', async () => {
    const run = runOf(folder, 'attach', { do: 'wait' })
    await driver.start(run)
    const [first] = await linesUntil(driver, run.runId, 'waiting')
    const later = createDockerDriver({ docker, imageId, scope })
    expect(await later.inspect(run.runId)).toEqual({ kind: 'running' })
    const waiting = later.wait(run.runId, soon())
    await driver.stop(run.runId, 10_000)
    expect(await waiting).toMatchObject({ exitCode: 75 })
    const rest = await linesUntil(later, run.runId, 'asked to stop', (first?.at ?? 0) + 1)
    expect(rest.map(({ line }) => line)).toEqual(['asked to stop'])
    expect((await linesUntil(later, run.runId, 'waiting', first?.at ?? 0))[0]).toEqual(first)
  })

  dockerTest('behavior: wait gives the current state when it is aborted', async () => {
    const run = runOf(folder, 'abort', { do: 'wait' })
    await driver.start(run)
    const stop = new AbortController()
    const waiting = driver.wait(run.runId, stop.signal)
    stop.abort()
    expect(await waiting).toEqual({ kind: 'running' })
    await driver.remove(run.runId)
  })

  dockerTest('behavior: another scope sees none of these runs', async () => {
    const run = runOf(folder, 'scoped', { do: 'print' })
    await driver.start(run)
    const other = createDockerDriver({ docker, imageId, scope: `${scope}-other` })
    expect(await other.list()).toEqual([])
    expect(await other.inspect(run.runId)).toEqual({ kind: 'missing' })
  })

  dockerTest('error: a job that takes too much memory is killed and says why', async () => {
    const run = runOf(folder, 'memory', { do: 'memory' }, { memoryBytes: 128 * MEBIBYTE })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toMatchObject({
      kind: 'exited',
      exitCode: 137,
      oomKilled: true,
    })
  })

  dockerTest('error: a job whose output outgrows the disk limit is killed and says why', async () => {
    const run = runOf(folder, 'disk', { do: 'disk' }, { diskBytes: 8 * MEBIBYTE })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toMatchObject({
      kind: 'exited',
      exitCode: 137,
      overDisk: true,
    })
    expect(await driver.wait(run.runId, soon())).toMatchObject({ overDisk: true })
    rmSync(run.jobDir, { recursive: true })
  })

  dockerTest('error: files that the job deleted but holds open count towards the disk limit', async () => {
    const run = runOf(folder, 'deleted', { do: 'deleted' }, { diskBytes: 8 * MEBIBYTE })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toMatchObject({
      kind: 'exited',
      exitCode: 137,
      overDisk: true,
    })
  })

  dockerTest('error: the kernel ends one file at the disk limit', async () => {
    const run = runOf(folder, 'oneFile', { do: 'oneFile' }, { diskBytes: 8 * MEBIBYTE })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toMatchObject({ kind: 'exited' })
    expect(readFileSync(join(run.jobDir, 'out/large')).length).toBeLessThanOrEqual(8 * MEBIBYTE)
  })

  dockerTest(
    'error: a refused limit is reported in the words of the engine, nothing stays behind',
    async () => {
      const run = runOf(folder, 'cpus', { do: 'print' }, { cpus: 100_000 })
      await expect(driver.start(run)).rejects.toThrow(/Range of CPUs/)
      await expect(driver.start(run)).rejects.toBeInstanceOf(RunDidNotStart)
      expect(await driver.list()).not.toContain(run.runId)
    },
  )

  dockerTest('error: a failed start removes the container and gives the reason', async () => {
    const run = runOf(folder, 'noInit', { do: 'print' })
    await driver.start(run)
    const container = docker.getContainer(`trainyard-${scope}-noInit`)
    const { Config, HostConfig } = await container.inspect()
    await driver.remove(run.runId)
    const gpus = {
      ...HostConfig,
      DeviceRequests: [{ Driver: 'no-such-driver', Count: -1, Capabilities: [['gpu']] }],
    }
    await docker.createContainer({ ...Config, HostConfig: gpus, name: `trainyard-${scope}-noInit` })
    await expect(driver.start(run)).rejects.toThrow(/could not select device driver/)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'missing' })
    expect(await driver.list()).not.toContain(run.runId)
  })

  dockerTest('error: a missing image is reported, never pulled', async () => {
    const unknown = createDockerDriver({ docker, imageId: `sha256:${'0'.repeat(64)}`, scope })
    await expect(unknown.start(runOf(folder, 'noImage', { do: 'print' }))).rejects.toThrow(/No such image/i)
  })

  dockerTest('error: a job directory with a link in a mount, or a part missing, is refused', async () => {
    const linked = runOf(folder, 'linked', { do: 'print' })
    rmSync(join(linked.jobDir, 'data'), { recursive: true })
    symlinkSync('/etc', join(linked.jobDir, 'data'))
    await expect(driver.start(linked)).rejects.toBeInstanceOf(UnsafeJobDirectory)
    const partial = runOf(folder, 'partial', { do: 'print' })
    rmSync(join(partial.jobDir, 'spec.json'))
    await expect(driver.start(partial)).rejects.toThrow(/spec.json: is missing/)
  })

  dockerTest('error: a run id that is no name is refused', async () => {
    const run = { ...runOf(folder, 'fine', { do: 'print' }), runId: '../fine' }
    await expect(driver.start(run)).rejects.toThrow(/cannot name a run/)
  })
})

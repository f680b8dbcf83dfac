import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, readlinkSync, rmSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createDockerDriver } from '../../../../client/src/drivers/docker/createDockerDriver.ts'
import { roomsMissing } from '../../../../client/src/drivers/docker/rooms.ts'
import type { Driver, RunSpec } from '../../../../client/src/drivers/driver.ts'
import type { Plan } from '../../../fixtures/network/driveInside.ts'
import { linesUntil } from '../../../helpers/collectLines.ts'
import { docker, dockerMissing, dockerTest, removeContainers, testUnless } from '../../../helpers/docker.ts'
import { MEBIBYTE, nodePath, openFolder } from '../../../helpers/driverRun.ts'
import { attackRun, expectAlive, reportOf, runUnprotected } from './attackRun.ts'
import { type HostileImage, makeHostileImage } from './hostileImage.ts'

const deep = process.env.TRAINYARD_DEEP === '1'
const name = randomUUID().slice(0, 8)
const scope = `test-${name}`
const folder = openFolder('breakout')
const LOG_LIMIT_BYTES = 2 * 16 * 1e6 * 1.1
let image: HostileImage
let driver: Driver

beforeAll(async () => {
  if (dockerMissing) return
  image = await makeHostileImage(docker, name)
  const stateDir = join(folder, 'state')
  driver = createDockerDriver({ docker, imageId: image.imageId, scope, stateDir, useRooms: true })
}, 90_000)

afterAll(async () => {
  for (const runId of (await driver?.list()) ?? []) await driver.remove(runId)
  await removeContainers(scope)
  await image?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const soon = () => AbortSignal.timeout(60_000)

async function attack(run: RunSpec) {
  await driver.start(run)
  return driver.wait(run.runId, soon())
}

/** A copy of the run for a container without protection, which runs as root. */
function unprotected(runId: string, attacks: Parameters<typeof attackRun>[2]): RunSpec {
  const run = attackRun(folder, `${runId}-unprotected`, attacks)
  chmodSync(join(run.jobDir, 'out'), 0o777)
  return run
}

describe('a job that takes everything it can get', () => {
  dockerTest('error: a fork bomb stops at the process limit', async () => {
    const attacks = [{ name: 'forkBomb', processes: 200 }]
    const run = attackRun(folder, 'fork', attacks)
    expect(await attack(run)).toMatchObject({ kind: 'exited', exitCode: 0 })
    expect(reportOf(run)).toEqual({ forkBomb: 'EAGAIN' })
    const loose = unprotected('fork', attacks)
    expect(await runUnprotected(docker, image.imageId, loose, { NetworkMode: 'none' })).toEqual({
      forkBomb: 'done',
    })
    await expectAlive(driver, folder, 'after-fork')
  })

  dockerTest('error: a memory bomb is killed, and nothing but the job', async () => {
    const attacks = [{ name: 'memoryBomb', mebibytes: 400 }]
    const run = attackRun(folder, 'memory', attacks, { limits: { memoryBytes: 128 * MEBIBYTE } })
    expect(await attack(run)).toMatchObject({ kind: 'exited', exitCode: 137, oomKilled: true })
    const loose = unprotected('memory', attacks)
    expect(await runUnprotected(docker, image.imageId, loose, { NetworkMode: 'none' })).toEqual({
      memoryBomb: 'done',
    })
    await expectAlive(driver, folder, 'after-memory')
  })

  dockerTest('error: /tmp holds no more than it may', async () => {
    const run = attackRun(folder, 'tmp', [{ name: 'fillTmp' }])
    expect(await attack(run)).toMatchObject({ exitCode: 0 })
    expect(reportOf(run)).toEqual({ fillTmp: 'ENOSPC' })
  })

  dockerTest(
    'error: what it prints takes a bounded part of the disk, and its end can be read',
    async () => {
      const mebibytes = deep ? 10_240 : 96
      const run = attackRun(folder, 'logs', [{ name: 'printMuch', mebibytes }])
      await driver.start(run)
      const state = await driver.wait(run.runId, AbortSignal.timeout(deep ? 600_000 : 60_000))
      expect(state).toMatchObject({ exitCode: 0 })
      const size = await logBytes(docker.getContainer(`trainyard-${scope}-logs`))
      expect(size).toBeGreaterThan(1e6)
      expect(size).toBeLessThan(LOG_LIMIT_BYTES)
      const lines = await linesUntil(driver, run.runId, 'the last line')
      expect(lines.at(-1)?.line).toBe('the last line')
      let looseBytes = 0
      const loose = unprotected('logs', [{ name: 'printMuch', mebibytes: 96 }])
      await runUnprotected(docker, image.imageId, loose, { NetworkMode: 'none' }, async (container) => {
        looseBytes = await logBytes(container)
      })
      expect(looseBytes).toBeGreaterThan(LOG_LIMIT_BYTES)
      await expectAlive(driver, folder, 'after-logs')
    },
    700_000,
  )

  dockerTest('error: a job that ignores every signal is killed when its time is up', async () => {
    const run = attackRun(folder, 'stubborn', [{ name: 'ignoreTerm' }])
    await driver.start(run)
    await linesUntil(driver, run.runId, 'ignoring')
    await driver.stop(run.runId, 1000)
    expect(await driver.inspect(run.runId)).toMatchObject({ kind: 'exited', exitCode: 137 })
    await expectAlive(driver, folder, 'after-stubborn')
  })

  dockerTest('behavior: it is asked to stop by SIGTERM, whichever signal its image names', async () => {
    const run = attackRun(folder, 'asked', [{ name: 'endOnTerm' }])
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    await driver.stop(run.runId, 20_000)
    expect(await driver.inspect(run.runId)).toMatchObject({ kind: 'exited', exitCode: 75 })
  })
})

const noRooms = dockerMissing ?? (await roomsMissing())

describe('a job that fills the disk, where its output has a room', () => {
  const roomTest = (what: string, body: () => Promise<void>) => testUnless(noRooms, what, body)

  roomTest('error: it runs out of room at its limit, and the machine does not', async () => {
    const attacks = [{ name: 'fillDisk', mebibytes: 256, exit: true }]
    const run = attackRun(folder, 'disk', attacks)
    expect(await attack(run)).toMatchObject({ kind: 'exited', exitCode: 1, overDisk: true })
    expect(bytesOf(join(run.jobDir, 'out'))).toBeLessThanOrEqual(run.limits.diskBytes)
    const { bavail, bsize } = statfsSync(folder)
    expect(bavail * bsize).toBeGreaterThan(256 * MEBIBYTE)
    await driver.remove(run.runId)
    const loose = unprotected('disk', attacks)
    expect(await runUnprotected(docker, image.imageId, loose, { NetworkMode: 'none' })).toEqual({
      fillDisk: 'done',
    })
    await expectAlive(driver, folder, 'after-disk')
  })

  roomTest('behavior: it can go on after it has made room', async () => {
    const attacks = [{ name: 'fillDisk', mebibytes: 256 }, { name: 'freeDisk' }]
    const run = attackRun(folder, 'freed', attacks)
    expect(await attack(run)).toEqual({ kind: 'exited', exitCode: 0, oomKilled: false })
    expect(reportOf(run)).toEqual({ fillDisk: 'ENOSPC', freeDisk: 'done' })
    await driver.remove(run.runId)
  })

  roomTest('error: empty files cannot use up the inodes of the machine', async () => {
    const run = attackRun(folder, 'inodes', [{ name: 'fillWithEmptyFiles', files: 40_000 }])
    expect(await attack(run)).toMatchObject({ kind: 'exited' })
    expect(readdirSync(join(run.jobDir, 'out')).length).toBeLessThan(20_000)
    await driver.remove(run.runId)
  })

  roomTest('behavior: the room goes with the run, and comes back when only its mount is gone', async () => {
    const run = attackRun(folder, 'room', [{ name: 'environment' }])
    await attack(run)
    const out = join(run.jobDir, 'out')
    const rooms = join(folder, 'state', 'rooms')
    expect(readdirSync(rooms)).toContain('room.ext4')
    execFileSync('umount', [readlinkSync(out)])
    expect(readdirSync(out)).toEqual([])
    expect((await driver.inspect('room')).kind).toBe('exited')
    expect(reportOf(run)).toHaveProperty('environment')
    await driver.remove('room')
    expect(readdirSync(rooms)).not.toContain('room.ext4')
    rmSync(run.jobDir, { recursive: true })
  })

  roomTest('behavior: a job directory can be deleted while its room is there', async () => {
    const run = attackRun(folder, 'deleted', [{ name: 'environment' }])
    await attack(run)
    rmSync(run.jobDir, { recursive: true })
    await driver.remove('deleted')
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(`${scope}/deleted`)
  })

  roomTest(
    'error: where the engine does not see the mounts of the daemon, the output is watched',
    async () => {
      const run = attackRun(folder, 'unseen', [{ name: 'fillDisk', mebibytes: 256 }])
      const script = fileURLToPath(new URL('../../../fixtures/network/driveInside.ts', import.meta.url))
      const at = {
        socketPath: '/var/run/docker.sock',
        stateDir: join(folder, 'unseen-state'),
        scope: `${scope}-unseen`,
      }
      const plan: Plan = { ...at, imageId: image.imageId, run, useRooms: true }
      const args = ['--mount', '--propagation', 'private', '--', nodePath, script, JSON.stringify(plan)]
      const { stdout } = await promisify(execFile)('unshare', args, { timeout: 60_000 })
      expect(JSON.parse(stdout)).toMatchObject({ state: { kind: 'exited', overDisk: true }, left: [] })
      expect(bytesOf(join(run.jobDir, 'out'))).toBeGreaterThan(run.limits.diskBytes)
    },
  )
})

function bytesOf(path: string): number {
  return readdirSync(path).reduce((sum, entry) => sum + statSync(join(path, entry)).size, 0)
}

/** What the engine keeps of a container's output, rotated files included. */
async function logBytes(container: Docker.Container): Promise<number> {
  const { LogPath } = (await container.inspect()) as { LogPath: string }
  const files = readdirSync(dirname(LogPath)).filter((file) => file.includes('-json.log'))
  return files.reduce((sum, file) => sum + statSync(join(dirname(LogPath), file)).size, 0)
}

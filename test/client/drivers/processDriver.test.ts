import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UnsafeJobDirectory } from '../../../client/src/drivers/driverErrors.ts'
import { createProcessDriver } from '../../../client/src/drivers/process/createProcessDriver.ts'
import { linesUntil } from '../../helpers/collectLines.ts'
import { MEBIBYTE, nodePath, openFolder, runOf, standIn } from '../../helpers/driverRun.ts'

const folder = openFolder('process')
const stateDir = join(folder, 'state')
const trainerDir = join(folder, 'trainer')
cpSync(standIn, trainerDir, { recursive: true })
const driver = createProcessDriver({ nodePath, trainerDir, stateDir })
const soon = () => AbortSignal.timeout(20_000)

afterAll(async () => {
  for (const runId of await driver.list()) await driver.remove(runId)
  rmSync(folder, { recursive: true, force: true })
})

describe('process driver', () => {
  test('default: a run prints, ends, is found, and leaves nothing when removed', async () => {
    const run = runOf(folder, 'prints', { do: 'print', lines: 3, exitCode: 5 })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toEqual({ kind: 'exited', exitCode: 5, oomKilled: false })
    const lines = await linesUntil(driver, run.runId, 'no such text')
    const stdout = lines.filter(({ stream }) => stream === 'stdout').map(({ line }) => line)
    expect(stdout).toEqual(['line 0', 'line 1', 'line 2', 'x'.repeat(16_384)])
    expect(lines.filter(({ stream }) => stream === 'stderr').map(({ line }) => line)).toEqual(['to stderr'])
    expect(await driver.list()).toContain(run.runId)
    await driver.remove(run.runId)
    expect(await driver.list()).not.toContain(run.runId)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'missing' })
  })

  test('behavior: the job gets the steps and nothing else of the environment', async () => {
    const run = { ...runOf(folder, 'environment', { do: 'environment' }), fromStep: 3, toStep: 9 }
    await driver.start(run)
    await driver.wait(run.runId, soon())
    const { env, argv } = JSON.parse(readFileSync(join(run.jobDir, 'out/environment.json'), 'utf8'))
    expect(env).toEqual({ TRAINYARD_FROM_STEP: '3', TRAINYARD_TO_STEP: '9', TRAINYARD_PARENT_PIPE: '1' })
    expect(argv.slice(2)).toEqual([run.jobDir])
  })

  test('behavior: starting twice leaves the one run as it is, also after it has ended', async () => {
    const run = runOf(folder, 'twice', { do: 'wait' })
    await driver.start(run)
    const record = readFileSync(join(stateDir, 'twice/run.json'), 'utf8')
    await driver.start(run)
    expect(readFileSync(join(stateDir, 'twice/run.json'), 'utf8')).toBe(record)
    await driver.stop(run.runId, 0)
    expect(await driver.inspect(run.runId)).toMatchObject({ kind: 'exited', exitCode: 137 })
    await driver.start(run)
    expect((await driver.inspect(run.runId)).kind).toBe('exited')
  })

  test('behavior: SIGTERM reaches the job and its exit code comes back', async () => {
    const run = runOf(folder, 'term', { do: 'wait' })
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    await driver.stop(run.runId, 10_000)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'exited', exitCode: 75, oomKilled: false })
    await driver.stop(run.runId, 10_000)
  })

  test('behavior: a job that ignores SIGTERM is killed', async () => {
    const run = runOf(folder, 'stubborn', { do: 'ignoreTerm' })
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    await driver.stop(run.runId, 100)
    expect(await driver.inspect(run.runId)).toMatchObject({ kind: 'exited', exitCode: 137 })
  })

  test('behavior: another driver object finds a run, waits for it and reads its log from any point', async () => {
    const run = runOf(folder, 'attach', { do: 'wait' })
    await driver.start(run)
    const [first] = await linesUntil(driver, run.runId, 'waiting')
    const later = createProcessDriver({ nodePath, trainerDir, stateDir })
    expect(await later.inspect(run.runId)).toEqual({ kind: 'running' })
    await later.start(run)
    const waiting = later.wait(run.runId, soon())
    await later.stop(run.runId, 10_000)
    expect(await waiting).toMatchObject({ exitCode: 75 })
    const rest = await linesUntil(later, run.runId, 'asked to stop', (first?.at ?? 0) + 1)
    expect(rest.map(({ line }) => line)).toEqual(['asked to stop'])
  })

  test('behavior: a run ends with its daemon, and the next daemon calls it missing', async () => {
    const run = runOf(folder, 'orphan', { do: 'wait' })
    const daemon = join(folder, 'daemon.ts')
    const source = join(import.meta.dirname, '../../../client/src/drivers/process/createProcessDriver.ts')
    writeFileSync(
      daemon,
      `import { createProcessDriver } from ${JSON.stringify(source)}
       const driver = createProcessDriver(${JSON.stringify({ nodePath, trainerDir, stateDir })})
       await driver.start(${JSON.stringify(run)})
       await driver.logs('orphan', 0, () => process.stdout.write('up'), new AbortController().signal)`,
    )
    const child = spawn(nodePath, [daemon], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'running' })
    child.kill('SIGKILL')
    expect(await driver.wait(run.runId, soon())).toEqual({ kind: 'missing' })
    await driver.start(run)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'running' })
  })

  test('behavior: another process with the recorded pid is not taken for the run', async () => {
    const run = runOf(folder, 'reused', { do: 'wait' })
    await driver.start(run)
    const later = createProcessDriver({ nodePath, trainerDir, stateDir })
    const path = join(stateDir, 'reused/run.json')
    const record = JSON.parse(readFileSync(path, 'utf8'))
    // Node needs longer to get here than the kernel's start times can tell apart (10 ms).
    await linesUntil(driver, run.runId, 'waiting')
    const other = spawn('sleep', ['60'], { detached: true })
    writeFileSync(path, JSON.stringify({ ...record, process: { ...record.process, pid: other.pid } }))
    expect(await later.inspect(run.runId)).toEqual({ kind: 'missing' })
    await later.stop(run.runId, 0)
    expect(other.exitCode ?? other.signalCode).toBe(null)
    other.kill()
    writeFileSync(path, JSON.stringify(record))
    await driver.stop(run.runId, 0)
  })

  test('error: a job that takes too much memory is killed and says why', async () => {
    const run = runOf(folder, 'memory', { do: 'memory' }, { memoryBytes: 128 * MEBIBYTE })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toMatchObject({ kind: 'exited', oomKilled: true })
  })

  test('error: a job whose output outgrows the disk limit is killed and says why', async () => {
    const run = runOf(folder, 'disk', { do: 'disk' }, { diskBytes: 8 * MEBIBYTE })
    await driver.start(run)
    expect(await driver.wait(run.runId, soon())).toMatchObject({
      kind: 'exited',
      exitCode: 137,
      overDisk: true,
    })
  })

  test('error: an end that the disk has no room for is known to this driver, and does not end its process', async () => {
    const run = runOf(folder, 'unwritten', { do: 'wait' })
    await driver.start(run)
    await linesUntil(driver, run.runId, 'waiting')
    mkdirSync(join(stateDir, 'unwritten/exit.json.tmp')) // in the way of the record
    await driver.stop(run.runId, 10_000)
    expect(await driver.wait(run.runId, soon())).toEqual({ kind: 'exited', exitCode: 75, oomKilled: false })
    const later = createProcessDriver({ nodePath, trainerDir, stateDir })
    expect(await later.inspect(run.runId)).toEqual({ kind: 'missing' })
  })

  test('error: links in what a job is given are refused before it starts', async () => {
    const run = runOf(folder, 'linked', { do: 'print' })
    mkdirSync(join(run.jobDir, 'in/windows'))
    symlinkSync('/etc', join(run.jobDir, 'in/windows/etc'))
    await expect(driver.start(run)).rejects.toBeInstanceOf(UnsafeJobDirectory)
    expect(await driver.inspect(run.runId)).toEqual({ kind: 'missing' })
  })

  test('error: a Node that cannot be started says so', async () => {
    const broken = createProcessDriver({
      nodePath: '/etc/hostname',
      trainerDir,
      stateDir: join(folder, 'broken'),
    })
    const run = runOf(folder, 'noNode', { do: 'print' })
    await broken.start(run).catch((error: Error) => expect(error.message).toMatch(/did not start/))
    expect(await broken.wait(run.runId, soon())).not.toMatchObject({ exitCode: 0 })
  })
})

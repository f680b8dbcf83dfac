import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Job } from '@trainyard/verifier/job.ts'
import { TRAINER_DIR } from '@trainyard/verifier/trainerHash.ts'
import { afterEach, expect, test } from 'vitest'
import { tinyData, tinyJob } from '../../helpers/honestBundle.ts'

const MAIN = join(TRAINER_DIR, 'main.ts')
const dirs: string[] = []
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true })
})

const seedOf = (window: number) => JSON.stringify({ seed: `0x${(window + 16).toString(16).repeat(32)}` })

/** A job directory with the seeds of the first `windows` windows. */
async function jobDir(windows: number, change: Partial<Job> = {}): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-job-'))
  dirs.push(dir)
  mkdirSync(join(dir, 'data'))
  mkdirSync(join(dir, 'in/windows'), { recursive: true })
  writeFileSync(join(dir, 'spec.json'), JSON.stringify({ ...(await tinyJob()), ...change }))
  writeFileSync(join(dir, 'data/train.safetensors'), tinyData(10))
  writeFileSync(join(dir, 'data/heldOut.safetensors'), tinyData(6))
  for (let window = 0; window < windows; window++) writeSeed(dir, window)
  return dir
}

const writeSeed = (dir: string, window: number) => {
  writeFileSync(join(dir, 'in/windows', `${window}.json`), seedOf(window))
}

function start(dir: string, env: Record<string, string> = {}): ChildProcess & { said: () => string } {
  const child = spawn(process.execPath, [MAIN, dir], { env, stdio: 'pipe' })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  return Object.assign(child, { said: () => said })
}

async function run(dir: string, env: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const child = start(dir, env)
  const [code] = await once(child, 'close')
  return { code, said: child.said() }
}

/** Waits until the trainer has written a path; fails if it ends before. */
async function written(child: ChildProcess, path: string): Promise<void> {
  while (!existsSync(path)) {
    if (child.exitCode !== null) throw new Error('the trainer ended too early')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const out = (dir: string, path: string) => readFileSync(join(dir, 'out', path))
const last = 'checkpoints/10/state.safetensors'

test('default', async () => {
  const dir = await jobDir(3)
  expect(await run(dir)).toMatchObject({ code: 0 })
  expect(readdirSync(join(dir, 'out/checkpoints')).sort()).toEqual(['0', '10', '2', '4', '6', '8'])
  const lines = out(dir, 'progress.jsonl').toString().trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(Object.keys(JSON.parse(lines[0]!))).toEqual(['step', 'loss', 'lossBits', 'gradNormBits', 'samples'])
  expect(JSON.parse(out(dir, 'result/metrics.json').toString()).total).toBe(6)
  expect(out(dir, 'result/model.safetensors').length).toBeGreaterThan(0)
})

test('behavior: resumed from a checkpoint, it comes to the same bytes', async () => {
  const dir = await jobDir(3)
  await run(dir)
  const whole = { state: out(dir, last), progress: out(dir, 'progress.jsonl') }
  mkdirSync(join(dir, 'in/checkpoint'))
  cpSync(join(dir, 'out/checkpoints/6'), join(dir, 'in/checkpoint'), { recursive: true })
  // a killed run leaves lines past its last checkpoint, the last one torn
  writeFileSync(join(dir, 'out/progress.jsonl'), whole.progress.subarray(0, whole.progress.length - 100))
  expect(await run(dir, { TRAINYARD_FROM_STEP: '6' })).toMatchObject({ code: 0 })
  expect(out(dir, last)).toEqual(whole.state)
  expect(out(dir, 'progress.jsonl')).toEqual(whole.progress)
})

test('behavior: one segment alone', async () => {
  const dir = await jobDir(1)
  expect(await run(dir, { TRAINYARD_TO_STEP: '2' })).toMatchObject({ code: 0 })
  expect(readdirSync(join(dir, 'out/checkpoints')).sort()).toEqual(['0', '2'])
  expect(existsSync(join(dir, 'out/result'))).toBe(false)
})

test("behavior: waits for a window's seed, half-written files included", async () => {
  const dir = await jobDir(1)
  const child = start(dir)
  await written(child, join(dir, 'out/checkpoints/4/state.safetensors'))
  expect(existsSync(join(dir, 'out/checkpoints/6'))).toBe(false)
  writeFileSync(join(dir, 'in/windows/1.json'), seedOf(1).slice(0, 20))
  writeSeed(dir, 1)
  await written(child, join(dir, 'out/checkpoints/8/state.safetensors'))
  writeSeed(dir, 2)
  expect((await once(child, 'close'))[0]).toBe(0)
})

test('behavior: told to stop, it exits 75 with whole checkpoints', async () => {
  const dir = await jobDir(1)
  const child = start(dir)
  await written(child, join(dir, 'out/checkpoints/4/state.safetensors'))
  child.kill('SIGTERM')
  expect((await once(child, 'close'))[0]).toBe(75)
  const lines = out(dir, 'progress.jsonl').toString().trimEnd().split('\n')
  expect(lines.length).toBe(4)
})

test("behavior: ends when its parent's pipe does", async () => {
  const child = start(await jobDir(0), { TRAINYARD_PARENT_PIPE: '1' })
  child.stdin!.end()
  expect((await once(child, 'close'))[0]).toBe(75)
})

test.for([
  ['a job that is not one', { steps: 0 }, 'SpecInvalid'],
  ['a model that does not fit the data', { model: { kind: 'mlp', layers: [5, 2] } }, 'DataUnfit'],
  [
    'a job that diverges',
    { hyperparameters: { batchSize: 3, learningRate: 1e38, momentum: 0.9 } },
    'TrainingDiverged',
  ],
] as [string, Partial<Job>, string][])('error: %s', async ([, change, name]) => {
  const { code, said } = await run(await jobDir(3, change))
  expect(code).toBe(1)
  expect(said).toContain(name)
})

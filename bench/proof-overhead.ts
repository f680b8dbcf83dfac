import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildLeaf } from '@trainyard/verifier/buildLeaf.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import { type SegmentLeaf, windowRoot } from '@trainyard/verifier/segment.ts'
import { digitsFolder, job, makeJobFolder, seeds } from './lib/digits.ts'
import { type Figure, median, round } from './lib/figure.ts'

const PAIRS = 7
const POLL_MS = 20
const trainer = join(import.meta.dirname, '..', 'verifier', 'src', 'canonical', 'main.ts')
const bare = join(import.meta.dirname, 'lib', 'trainBare.ts')

/**
 * A seller's wall time with proofs over without, in pairs on the same machine. With: the trainer writes checkpoints
 * and progress, and this process builds every leaf and window root while it runs, as the daemon does; the clock stops
 * when both are done. Without: training alone. The chain is left out: its waits are not the seller's work.
 */
export async function measure(): Promise<Figure> {
  await secondsOf(bare, []) // warm the file cache
  const pairs: { on: number; off: number; hashing: number }[] = []
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const off = await secondsOf(bare, [])
    pairs.push({ ...(await withProofs()), off })
  }
  const ratio = median(pairs.map(({ on, off }) => on / off))
  return {
    figure: 'proof-overhead',
    value: round(ratio),
    unit: 'wall time with proofs / without',
    reference: 'OVIG 1.143 in all (published, other hardware)',
    ratio: round(ratio / 1.143),
    goal: '<= 1.03',
    met: ratio <= 1.03,
    detail: {
      secondsWith: round(median(pairs.map(({ on }) => on)), 3),
      secondsWithout: round(median(pairs.map(({ off }) => off)), 3),
      hashingSeconds: round(median(pairs.map(({ hashing }) => hashing)), 3),
      ratios: pairs.map(({ on, off }) => round(on / off)),
    },
  }
}

async function secondsOf(script: string, args: string[]): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${script} exited with ${code}`)
  return (performance.now() - start) / 1000
}

async function withProofs(): Promise<{ on: number; hashing: number }> {
  const folder = makeJobFolder()
  const start = performance.now()
  const run = secondsOf(trainer, [folder])
  run.catch(() => {})
  const hashing = await hashWhileItRuns(folder)
  await run
  rmSync(folder, { recursive: true })
  return { on: (performance.now() - start) / 1000, hashing }
}

/** Builds all leaves as checkpoints appear. @returns seconds of hashing */
async function hashWhileItRuns(folder: string): Promise<number> {
  const data = readDataSet(readFileSync(join(digitsFolder, 'train.safetensors')))
  const schedule = jobSchedule(job)
  const leaves: SegmentLeaf[] = []
  let before = checkpointRoot(await checkpoint(folder, 0))
  let busyMs = 0
  for (let segment = 0; segment < schedule.segments; segment += 1) {
    const { first, end } = schedule.segmentSteps(segment)
    const after = await checkpoint(folder, end)
    const start = performance.now()
    const inner = innerOf(folder, first, end)
    const place = { orderId: '1', seller: `0x${'11'.repeat(20)}` as Hex, segment, beaconRound: 1 }
    const leaf = buildLeaf({ ...place, job, data, seeds, stateRootBefore: before, after, inner })
    before = leaf.stateRootAfter
    leaves.push(leaf)
    if (end === schedule.windowSteps(schedule.windowOfSegment(segment)).end) windowRoot(leaves.splice(0))
    busyMs += performance.now() - start
  }
  return busyMs / 1000
}

async function checkpoint(folder: string, step: number): Promise<Buffer> {
  const file = join(folder, 'out', 'checkpoints', String(step), 'state.safetensors')
  while (!existsSync(file)) await sleep(POLL_MS)
  return readFileSync(file)
}

function innerOf(folder: string, first: number, end: number): InnerStep[] {
  const lines = readFileSync(join(folder, 'out', 'progress.jsonl'), 'utf8')
    .split('\n')
    .slice(first, end)
  return lines.map((line) => {
    const { lossBits, gradNormBits } = JSON.parse(line) as { lossBits: number; gradNormBits: number }
    return [lossBits, gradNormBits]
  })
}

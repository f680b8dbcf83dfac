import { randomBytes } from 'node:crypto'
import { judgeBenchmark } from '@trainyard/verifier/benchmark/judgeBenchmark.ts'
import { type BenchmarkRun, runBenchmark } from '@trainyard/verifier/benchmark/program/runBenchmark.ts'
import { matricesIn, operationsOf } from '@trainyard/verifier/benchmark/program/workload.ts'
import { samplesOf } from '@trainyard/verifier/benchmark/samplesOf.ts'
import { hexlify } from 'ethers'
import { type Figure, median, round } from './lib/figure.ts'

const RUNS = 20
const RUN_MS = 1_500
const SIZE = 256
const MEMORY_MIB = 2
/** The default profile's round, as which a machine multiplies and which nobody wants to do again. */
const WINDOW_MS = 600_000
const GOAL_SHARE = 0.05

/**
 * What a device score measures here, and what its audit costs: the benchmark's matrix products on one thread in 20 runs, and
 * the check of its sampled tiles beside computing all of a window again. GPUs: bench/gpu/benchmark.py.
 */
export async function measure(): Promise<Figure> {
  const seed = hexlify(randomBytes(32))
  const about = { size: SIZE, memoryMiB: MEMORY_MIB, precisions: [] }
  const { run } = timedRun(seed)
  // One at a time: each holds all its matrices.
  const rates = Array.from({ length: RUNS }, () => timedRun(seed).gflops).sort((a, b) => a - b)
  const sampleSeed = hexlify(randomBytes(32))
  const openings = samplesOf(sampleSeed, run.products).map(run.open)
  const startMs = performance.now()
  const wrong = judgeBenchmark(seed, { ...run, ...about }, sampleSeed, { openings, precisions: [] })
  const auditMs = performance.now() - startMs
  if (wrong !== undefined) throw new Error(`The honest benchmark was refused: ${wrong}.`)
  const share = auditMs / WINDOW_MS
  return {
    figure: 'hashrate',
    value: round(share, 5),
    unit: 'audit time over a window of ten minutes',
    reference: 'computing the window again',
    ratio: round(share, 5),
    goal: `<= ${GOAL_SHARE}`,
    met: share <= GOAL_SHARE,
    detail: {
      ...{ size: SIZE, memoryMiB: MEMORY_MIB, runs: RUNS, gpu: 'not measured' },
      ...{ gflops: round(median(rates), 2), lowest: round(rates[0]!, 2), highest: round(rates.at(-1)!, 2) },
      ...{ auditMs: round(auditMs, 1), samples: openings.length },
      evidenceMB: round(JSON.stringify(openings, base64).length / 1e6, 2),
    },
  }
}

/** The first product is left out: it pays for what is made once. */
function timedRun(seed: string): { run: BenchmarkRun; gflops: number } {
  let startMs = 0
  const memory = { after: 1, choose: () => matricesIn(MEMORY_MIB, SIZE) }
  const least = 2 * matricesIn(MEMORY_MIB, SIZE)
  const run = runBenchmark({ size: SIZE, seed }, memory, (products) => {
    if (products === 1) startMs = performance.now()
    return products >= least && performance.now() - startMs >= RUN_MS
  })
  const elapsedMs = performance.now() - startMs
  return { run, gflops: ((run.products - 1) * operationsOf(SIZE)) / elapsedMs / 1e6 }
}

function base64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

import { randomBytes } from 'node:crypto'
import { judgeBenchmark } from '@trainyard/verifier/benchmark/judgeBenchmark.ts'
import { type BenchmarkRun, runBenchmark } from '@trainyard/verifier/benchmark/runBenchmark.ts'
import { samplesOf } from '@trainyard/verifier/benchmark/samplesOf.ts'
import { matricesIn, operationsOf, type Workload } from '@trainyard/verifier/benchmark/workload.ts'
import { hexlify } from 'ethers'
import { type Figure, median, round } from './lib/figure.ts'

const RUNS = 20
const RUN_MS = 1_500
const SIZE = 256
const MEMORY_MIB = 64
/** The default profile's round, as which a machine multiplies and which nobody wants to do again. */
const WINDOW_MS = 600_000
const GOAL_SHARE = 0.05

/**
 * What a device score measures here, and what its audit costs: the benchmark's matrix products on one thread in 20 runs, and
 * the check of its sampled products beside computing all of a window again. There is no path for a GPU: none is measured.
 */
export async function measure(): Promise<Figure> {
  const seed = hexlify(randomBytes(32))
  const workload = { size: SIZE, matrices: matricesIn(MEMORY_MIB, SIZE), seed }
  const { run } = timedRun(workload)
  // One at a time: each holds all its matrices.
  const rates = Array.from({ length: RUNS }, () => timedRun(workload).gflops).sort((a, b) => a - b)
  const sampleSeed = hexlify(randomBytes(32))
  const openings = samplesOf(sampleSeed, run.iterations).map(run.open)
  const startMs = performance.now()
  const wrong = judgeBenchmark(workload, run, sampleSeed, openings)
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
      evidenceMB: round((openings.length * 2 * SIZE * SIZE) / 1e6, 2),
    },
  }
}

/** The first product is left out: it pays for making the matrices. */
function timedRun(workload: Workload): { run: BenchmarkRun; gflops: number } {
  let startMs = 0
  const run = runBenchmark(workload, (iterations) => {
    if (iterations === 1) startMs = performance.now()
    return iterations > 1 && performance.now() - startMs >= RUN_MS
  })
  const elapsedMs = performance.now() - startMs
  return { run, gflops: ((run.iterations - 1) * operationsOf(SIZE)) / elapsedMs / 1e6 }
}

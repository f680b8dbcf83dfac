import { runBenchmark } from '@trainyard/verifier/benchmark/runBenchmark.ts'
import { matricesIn, operationsOf } from '@trainyard/verifier/benchmark/workload.ts'
import { type Figure, figureOf } from './figure.ts'

const RUNS = 3
const RUN_MS = 700
const SIZE = 256
const MEMORY_MIB = 64

/** Operations a second of the matrix products that the chain's benchmark asks for, one thread; GPUs have no path yet. */
export function measureMatrix(): Figure {
  const workload = { size: SIZE, matrices: matricesIn(MEMORY_MIB, SIZE), seed: `0x${'5e'.repeat(32)}` }
  const rates = Array.from({ length: RUNS }, () => {
    let startMs = 0
    // The first product pays for making the matrices: time counts from there.
    const { iterations } = runBenchmark(workload, (done) => {
      if (done === 1) startMs = performance.now()
      return done > 1 && performance.now() - startMs >= RUN_MS
    })
    return ((iterations - 1) * operationsOf(SIZE)) / (performance.now() - startMs) / 1e6
  })
  const what = `exact matrix products of ${SIZE} x ${SIZE}, ${MEMORY_MIB} MiB, one thread of the processor`
  return figureOf({ id: 'matrix', unit: 'GFLOPS', what }, rates)
}

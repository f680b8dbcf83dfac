import { runBenchmark } from '@trainyard/verifier/benchmark/program/runBenchmark.ts'
import { matricesIn, operationsOf } from '@trainyard/verifier/benchmark/program/workload.ts'
import { type Figure, figureOf } from './figure.ts'

const RUNS = 3
const RUN_MS = 700
const SIZE = 256
const MEMORY_MIB = 2

/** Operations a second of the matrix products that the chain's benchmark asks for, one thread; GPUs have no path here. */
export function measureMatrix(): Figure {
  const about = { size: SIZE, seed: `0x${'5e'.repeat(32)}` }
  const memory = { after: 1, choose: () => matricesIn(MEMORY_MIB, SIZE) }
  const rates = Array.from({ length: RUNS }, () => {
    let startMs = 0
    // The first product pays for what is made once: time counts from there.
    const { products } = runBenchmark(about, memory, (done) => {
      if (done === 1) startMs = performance.now()
      return done > 1 && performance.now() - startMs >= RUN_MS
    })
    return ((products - 1) * operationsOf(SIZE)) / (performance.now() - startMs) / 1e6
  })
  const what = `exact matrix products of ${SIZE} x ${SIZE}, one thread of the processor`
  return figureOf({ id: 'matrix', unit: 'GFLOPS', what }, rates)
}

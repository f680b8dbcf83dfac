import { type Figure, figureOf } from './figure.ts'

const RUNS = 5
const MIB = 2 ** 20
const BYTES = 128 * MIB

/** Megabytes a second that one thread reads and writes: a copy of more than the caches hold, counted once each way. */
export function measureMemory(): Figure {
  const from = new Float64Array(BYTES / 8).fill(1)
  const to = new Float64Array(BYTES / 8)
  to.set(from) // its pages are there from now on
  const rates = Array.from({ length: RUNS }, () => {
    const startMs = performance.now()
    to.set(from)
    return (2 * BYTES) / (performance.now() - startMs) / 1e3
  })
  return figureOf({ id: 'memory', unit: 'MB/s', what: 'memory, one thread, read and written' }, rates)
}

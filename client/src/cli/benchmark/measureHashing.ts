import { tensorRoot } from '@trainyard/verifier/hash/tensorRoot.ts'
import { type Figure, figureOf } from './figure.ts'

const RUNS = 3
const BYTES = 64 * 1024 * 1024
const MB = 1_000_000

/** Megabytes a second of the tree over a checkpoint's bytes, one thread. */
export function measureHashing(): Figure {
  const bytes = new Uint8Array(BYTES).map((_, i) => (i * 31) & 0xff)
  const rates = Array.from({ length: RUNS }, () => {
    const startMs = performance.now()
    tensorRoot(bytes)
    return (BYTES / MB) * (1000 / (performance.now() - startMs))
  })
  return figureOf({ id: 'hashing', unit: 'MB/s', what: 'root of a 64 MiB tensor, one thread' }, rates)
}

import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs'

const MIB = 2 ** 20
const COPY_BYTES = 64 * MIB
const COPIES = 5
const WRITE_BYTES = 32 * MIB

/** Megabytes a second that one thread reads and writes, in a few copies of more than the caches hold, slowest first. */
export function copyRates(): number[] {
  const from = new Float64Array(COPY_BYTES / 8).fill(1)
  const to = new Float64Array(COPY_BYTES / 8)
  to.set(from) // its pages are there from now on
  const rates = Array.from({ length: COPIES }, () => {
    const startMs = performance.now()
    to.set(from)
    return (2 * COPY_BYTES) / (performance.now() - startMs) / 1e3
  })
  return rates.sort((a, b) => a - b)
}

/** The median of these. */
export function measureCopies(): number {
  return copyRates()[COPIES >> 1]!
}

/** Megabytes a second written to this path; each write waits until the disk says that it is there (fsync is not allowed). */
export function measureWrites(path: string): number {
  const chunk = new Uint8Array(WRITE_BYTES / 4).map((_, i) => (i * 131) & 0xff)
  const { O_WRONLY, O_CREAT, O_TRUNC, O_DSYNC } = constants
  const startMs = performance.now()
  const file = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_DSYNC)
  for (let written = 0; written < WRITE_BYTES; written += chunk.length) writeSync(file, chunk)
  closeSync(file)
  const rate = WRITE_BYTES / (performance.now() - startMs) / 1e3
  rmSync(path)
  return rate
}

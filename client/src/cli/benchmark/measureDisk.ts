import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Figure, figureOf } from './figure.ts'

const RUNS = 3
const CHUNK_BYTES = 4 * 1024 * 1024
const CHUNKS = 16
const MB = 1_000_000

/** Megabytes a second written to the data directory's disk, until the disk says that they are there. */
export async function measureDisk(dataDir: string): Promise<Figure> {
  await mkdir(dataDir, { recursive: true, mode: 0o755 })
  const path = join(dataDir, `benchmark.${process.pid}.tmp`)
  const chunk = new Uint8Array(CHUNK_BYTES).map((_, i) => (i * 131) & 0xff)
  const rates: number[] = []
  try {
    for (let run = 0; run < RUNS; run++) {
      const file = await open(path, 'w')
      const startMs = performance.now()
      for (let i = 0; i < CHUNKS; i++) await file.write(chunk)
      await file.sync()
      rates.push(((CHUNK_BYTES * CHUNKS) / MB) * (1000 / (performance.now() - startMs)))
      await file.close()
    }
  } finally {
    await rm(path, { force: true })
  }
  const what = `write and sync ${(CHUNK_BYTES * CHUNKS) / 1024 ** 2} MiB in ${dataDir}`
  return figureOf({ id: 'disk', unit: 'MB/s', what }, rates)
}

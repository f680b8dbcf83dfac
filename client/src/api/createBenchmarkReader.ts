import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const figureSchema = z.object({
  id: z.enum(['training', 'matrix', 'memory', 'hashing', 'disk', 'storePut', 'storeGet']),
  unit: z.string(),
  median: z.number(),
  lowest: z.number(),
  highest: z.number(),
  runs: z.int(),
})
const recordSchema = z.object({ measuredAt: z.iso.datetime(), figures: z.array(figureSchema).max(16) })

/** What is told to strangers: figures, and no paths or addresses that were measured with. */
export type PublishedBenchmark = z.infer<typeof recordSchema>

/** More than the newest record takes. */
const TAIL_BYTES = 64 * 1024

/** Where `trainyard benchmark` adds its records, one a line. */
export function benchmarksFile(dataDir: string): string {
  return join(dataDir, 'benchmarks.jsonl')
}

/** Reads the newest record when the file has grown; null while there is none that can be read. */
export function createBenchmarkReader(dataDir: string): () => Promise<PublishedBenchmark | null> {
  let known: { bytes: number; newest: PublishedBenchmark | null } = { bytes: 0, newest: null }
  return async () => {
    const file = await open(benchmarksFile(dataDir)).catch(() => undefined)
    if (file === undefined) return null
    try {
      const { size } = await file.stat()
      if (size !== known.bytes) known = { bytes: size, newest: await readNewest(file, size) }
      return known.newest
    } finally {
      await file.close()
    }
  }
}

async function readNewest(file: Awaited<ReturnType<typeof open>>, size: number) {
  const length = Math.min(size, TAIL_BYTES)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  const line = buffer.toString('utf8').trimEnd().split('\n').at(-1) ?? ''
  try {
    return recordSchema.parse(JSON.parse(line))
  } catch {
    return null // half written, or of another version
  }
}

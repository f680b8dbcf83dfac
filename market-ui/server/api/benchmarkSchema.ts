import { z } from 'zod'

const rate = z.number().nonnegative()

/** What a seller's own benchmark says that it measured (client/src/cli/benchmark): its word, proved to nobody. */
export const benchmarkSchema = z.object({
  measuredAt: z.iso.datetime(),
  figures: z
    .array(
      z.object({
        id: z.enum(['training', 'matrix', 'memory', 'hashing', 'disk', 'storePut', 'storeGet']),
        unit: z.string().max(20),
        median: rate,
        lowest: rate,
        highest: rate,
        runs: z.int().min(1),
      }),
    )
    .max(16),
})

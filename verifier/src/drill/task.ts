import { z } from 'zod'
import { bytes32, cid, whole } from '../fields.ts'

const MAX_LAYERS = 8
const MAX_MODELS = 64

/** One drilling task: evaluate canonical networks on a stretch of a data set. Unknown kinds are refused by the schema. */
export const drillTaskSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('canonical-evaluation'),
  /** inputs, hidden layers, classes */
  layers: z.array(whole(1, 4096)).min(2).max(MAX_LAYERS),
  /** networks by the seeds of their first weights, each 32 bytes of hex */
  seeds: z.array(bytes32).min(1).max(MAX_MODELS),
  /** a data file as the canonical trainer reads it */
  data: cid,
  /** the samples, counted from the file's first */
  first: whole(0, 2 ** 32),
  count: whole(1, 1_000_000),
})

export type DrillTask = z.infer<typeof drillTaskSchema>

/** Operations that evaluating takes: a multiplication and an addition for each weight, sample and network. */
export function operationsOf({ layers, seeds, count }: DrillTask): number {
  const weights = layers.slice(1).reduce((sum, outputs, i) => sum + outputs * layers[i]!, 0)
  return 2 * weights * count * seeds.length
}

import { z } from 'zod'

const text = z.string().max(200)
const count = z.int().nonnegative()

/** A place in the seller's words: lists show it, so no marks and no line breaks. */
export const regionSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{N} ,.-]{0,38}[\p{L}\p{N}])?$/u,
    'expected up to 40 letters, digits, spaces, commas, dots and dashes, such as "eu-central" or "Oslo, Norway"',
  )

const gpuFactsSchema = z.strictObject({
  model: text,
  uuid: text,
  memoryBytes: count,
  driverVersion: text,
  cudaVersion: text.nullable(),
  /** What the card allows, in watts; what it is set to now is no fact of the machine. */
  powerLimits: z
    .strictObject({ minW: z.number(), maxW: z.number(), defaultW: z.number() })
    .partial()
    .optional(),
})

/**
 * What a machine is, as measured on it (its region aside), and as its sha256 stands on chain. Only what does not change
 * from one minute to the next.
 */
export const machineFactsSchema = z.strictObject({
  version: z.literal(3),
  /** Where it stands, as its seller says: the one fact that nothing measures. */
  region: regionSchema.nullable(),
  cpu: z.strictObject({ manufacturer: text, brand: text, cores: count, physicalCores: count }),
  memoryBytes: count,
  diskBytes: count,
  /** Speed of the wired link that has the default route; null if it has none or does not say. */
  network: z.strictObject({ linkMbps: count.nullable() }),
  os: z.strictObject({ platform: text, distro: text, release: text, kernel: text, arch: text }),
  gpus: z.array(gpuFactsSchema).max(64),
})

export type MachineFacts = z.infer<typeof machineFactsSchema>
export type GpuFacts = MachineFacts['gpus'][number]

/** More than the facts of a machine with 64 GPUs take. */
export const MAX_FACTS_BYTES = 64 * 1024

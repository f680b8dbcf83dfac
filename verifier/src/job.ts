import { z } from 'zod'
import { sha256 } from '#sha256'
import { type Schedule, scheduleOf } from './canonical/schedule.ts'
import { bytes32, cid, whole } from './fields.ts'
import { type Hex, toHex } from './hash/hex.ts'
import { canonicalBytes, parseJson } from './json.ts'

export const MAX_JOB_BYTES = 64 * 1024
const MAX_SEGMENTS = 2 ** 20

const draws = whole(0, 126)

/**
 * How it is proved: by equal bits; refereed, by two sellers' equal bits; or (docs/tolerance.md) by ends that are near enough on
 * unlike hardware.
 */
const proof = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('bitwise'), draws }),
  z.strictObject({ mode: z.literal('refereed'), draws }),
  z.strictObject({
    mode: z.literal('tolerance'),
    draws,
    /** farthest that a segment's end may be from a replay's, per tensor, relative to the replay's update */
    e: z.number().gt(0).max(0.1),
    /** farthest that 1 - cosine of the two updates may be from nothing */
    cosine: z.number().gt(0).max(0.01),
  }),
])

/** Longer segments amplify what is small. */
export const MAX_TOLERANCE_STEPS = 10

/** What every job says, whatever it runs in. */
const common = {
  name: z.string().min(1).max(64),
  data: z.strictObject({ train: z.strictObject({ cid }), heldOut: z.strictObject({ cid }) }),
  seed: bytes32,
  steps: whole(1, 1e7),
  stepsPerSegment: whole(1, 256),
  segmentsPerWindow: whole(1, 1024),
  proof,
  access: z.enum(['public', 'private']),
  /** File of the checkpoint that training begins with. That it was proved, and whose it is, is on chain (resumeOf). */
  resumeFrom: z.strictObject({ cid }).optional(),
}

/** Version 1: a job for the canonical trainer. */
export const canonicalJobSchema = z.strictObject({
  version: z.literal(1),
  ...common,
  environment: z.strictObject({ profile: z.literal('canonical'), trainerHash: bytes32 }),
  model: z.strictObject({ kind: z.literal('mlp'), layers: z.array(whole(1, 4096)).min(2).max(8) }),
  hyperparameters: z.strictObject({
    batchSize: whole(1, 1024),
    learningRate: z.number().gt(0).max(100),
    momentum: z.number().min(0).lt(1),
  }),
})

const setting = z.union([z.number(), z.string().max(256), z.boolean()])

/** A DNS name (RFC 1123, lower case, with a dot, not an address) and a port. */
const egressTarget = z
  .string()
  .max(259)
  .regex(
    /^(?=[^:]{1,253}:)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?:[1-9]\d{0,4}$/,
    'must be a lower-case host name and a port, such as files.example.com:443',
  )
  .refine((target) => Number(target.slice(target.lastIndexOf(':') + 1)) <= 65_535, 'a port up to 65535')

export const egressTargets = z
  .array(egressTarget)
  .min(1)
  .max(16)
  .refine((targets) => new Set(targets).size === targets.length, 'the same target twice')

/** One argument: a line of its own in forms and reports, so nothing that is none. */
export const argument = z
  .string()
  .min(1)
  .max(1024)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must hold no line breaks or other control characters')

export const imageEnvironment = z.strictObject({
  profile: z.literal('image'),
  /** SHA-256 of the image's config (OCI image-spec): its Id, which covers layers, entrypoint and variables */
  image: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 lower-case hex digits'),
})

/** Version 2: a job whose program is in an image. Model and hyper-parameters are the program's own. */
export const imageJobSchema = z.strictObject({
  version: z.literal(2),
  ...common,
  environment: imageEnvironment,
  /** Arguments for the image's entrypoint instead of the image's own; without an entrypoint, the program and its arguments. */
  command: z.array(argument).min(1).max(64).optional(),
  model: z.object({ kind: z.string().min(1).max(64) }).catchall(setting),
  hyperparameters: z.object({ batchSize: whole(1, 1024) }).catchall(setting),
  /** longest a checkpoint file of this job is */
  checkpointBytes: whole(1, 2 ** 30),
  /** What the job may reach while it trains; without it, nothing. A replay reaches nothing either way. */
  egress: egressTargets.optional(),
})

/** What to train. Every number that could change a bit of the result is in it. */
export const jobSchema = z
  .discriminatedUnion('version', [canonicalJobSchema, imageJobSchema])
  .refine((job) => Math.ceil(job.steps / job.stepsPerSegment) <= MAX_SEGMENTS, {
    path: ['stepsPerSegment'],
    message: `more than ${MAX_SEGMENTS} segments`,
  })
  .refine(
    ({ proof, stepsPerSegment }) => proof.mode !== 'tolerance' || stepsPerSegment <= MAX_TOLERANCE_STEPS,
    {
      path: ['stepsPerSegment'],
      message: `within a tolerance at most ${MAX_TOLERANCE_STEPS}`,
    },
  )

export type CanonicalJob = z.infer<typeof canonicalJobSchema>
export type ImageJob = z.infer<typeof imageJobSchema>
export type Job = CanonicalJob | ImageJob

/** Parses a job from untrusted bytes. Throws InputInvalid. */
export function parseJob(bytes: Uint8Array): Job {
  return parseJson(bytes, jobSchema, 'job', MAX_JOB_BYTES)
}

/** The job's identity on chain: SHA-256 of its canonical JSON. */
export function jobHash(job: object): Hex {
  return toHex(sha256(canonicalBytes(job)))
}

/** Segments and windows of the job, with their ranges. */
export function jobSchedule(job: Job): Schedule {
  return scheduleOf(job)
}

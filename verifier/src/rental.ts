import { z } from 'zod'
import { cid } from './fields.ts'
import {
  argument,
  canonicalJobSchema,
  egressTargets,
  imageEnvironment,
  imageJobSchema,
  type Job,
  jobSchema,
  MAX_JOB_BYTES,
} from './job.ts'
import { parseJson } from './json.ts'

export const MAX_FILES = 64

const proof = z.strictObject({ mode: z.literal('none') })

/** A plain name: no folders, nothing hidden. */
const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, dots, dashes, underscores')

/** Version 3: any program in an image, which need not know the job contract. */
const programJobSchema = z.strictObject({
  version: z.literal(3),
  name: z.string().min(1).max(64),
  environment: imageEnvironment,
  command: z.array(argument).min(1).max(64).optional(),
  /** What the program finds in /job/data. */
  files: z
    .array(z.strictObject({ name: fileName, cid }))
    .min(1)
    .max(MAX_FILES)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'the same name twice')
    .optional(),
  egress: egressTargets.optional(),
  access: z.enum(['public', 'private']),
  proof,
})

/** What a machine is rented for without proof: a training job like any other, or any program. */
const rentalSchema = z.discriminatedUnion('version', [
  canonicalJobSchema.extend({ proof }),
  imageJobSchema.extend({ proof }),
  programJobSchema,
])

export type ProgramJob = z.infer<typeof programJobSchema>
export type Rental = z.infer<typeof rentalSchema>
/** Whatever can be ordered. */
export type AnyJob = Job | Rental

/** The form that a job must have, by its own word on how it is proved. */
export function jobSchemaOf(value: unknown): z.ZodType<AnyJob> {
  const { version, proof: said } = peek.safeParse(value).data ?? {}
  return version === 3 || said?.mode === 'none' ? rentalSchema : jobSchema
}

const peek = z.object({ version: z.unknown(), proof: z.object({ mode: z.unknown() }).optional() })

/** Parses a job or a rental from untrusted bytes. Throws InputInvalid. */
export function parseAnyJob(bytes: Uint8Array): AnyJob {
  const value = parseJson(bytes, z.unknown(), 'job', MAX_JOB_BYTES)
  return parseJson(bytes, jobSchemaOf(value), 'job', MAX_JOB_BYTES)
}

/** Whether nothing of a job is to be proved. */
export function isRental(job: AnyJob): job is Rental {
  return job.proof.mode === 'none'
}

/** All that a job reads, besides the checkpoint that it may resume from. */
export function inputsOf(job: AnyJob): { name: string; cid: string }[] {
  if (job.version === 3) return job.files ?? []
  return [
    { name: 'train', cid: job.data.train.cid },
    { name: 'heldOut', cid: job.data.heldOut.cid },
  ]
}

import { MAX_JOB_BYTES } from '@trainyard/verifier/job.ts'
import { type AnyJob, jobSchemaOf } from '@trainyard/verifier/rental.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import type { z } from 'zod'
import { JobRejected } from '../errors.ts'
import type { JobMode } from './jobModes.ts'
import { readUserFile } from './readUserFile.ts'

const CORRECT_IT = 'Correct the file and order again. No money moved.'

/**
 * Reads the job that a buyer wrote. Throws ClientError if the file cannot be read, and JobRejected, which
 * names every wrong field, if no seller of this version could run it.
 * @param mode how it is proved, instead of what the file says
 */
export async function readJobFile(path: string, mode?: JobMode): Promise<AnyJob> {
  const bytes = await readUserFile(path)
  if (bytes.length > MAX_JOB_BYTES) {
    throw new JobRejected(`${path} is larger than ${MAX_JOB_BYTES} bytes.`, CORRECT_IT)
  }
  const value = inMode(parse(path, bytes), mode)
  const result = jobSchemaOf(value).safeParse(value)
  if (!result.success) {
    throw new JobRejected(`${path}: ${result.error.issues.map(describeIssue).join('; ')}.`, CORRECT_IT)
  }
  requireOwnTrainer(path, result.data)
  return result.data
}

/** A mode that proves needs draws: the job's own. */
function inMode(value: unknown, mode: JobMode | undefined): unknown {
  if (mode === undefined || typeof value !== 'object' || value === null) return value
  const { proof } = value as { proof?: object }
  return { ...value, proof: mode === 'none' ? { mode } : { ...proof, mode } }
}

function parse(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (cause) {
    const why = cause instanceof SyntaxError ? cause.message : 'not UTF-8'
    throw new JobRejected(`${path} is not JSON: ${why.replace(/\.$/, '')}.`, CORRECT_IT, { cause })
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${field === '' ? key : `${field}.${key}`}"`)
    return `${keys.join(', ')} ${keys.length === 1 ? 'is not a field' : 'are not fields'} of a job`
  }
  return `${field === '' ? 'the job' : `"${field}"`} is wrong: ${issue.message}`
}

/** Sellers refuse a job of another trainer, but only after the escrow has moved. */
function requireOwnTrainer(path: string, job: AnyJob): void {
  if (job.version !== 1) return
  const own = trainerHash()
  if (job.environment.trainerHash === own) return
  throw new JobRejected(
    `${path} was written for another version of the trainer: "environment.trainerHash" is ${job.environment.trainerHash}, this version's is ${own}.`,
    "Put this version's hash there, or use the version that the job was written for, and order again. No money moved.",
  )
}

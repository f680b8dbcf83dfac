import { type Job, MAX_JOB_BYTES } from '@trainyard/verifier/job.ts'
import { type AnyJob, jobSchemaOf } from '@trainyard/verifier/rental.ts'
import { parseProfile, subjectOf } from '@trainyard/verifier/tolerance/profile.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import type { z } from 'zod'
import { JobRejected } from '../errors.ts'
import type { JobMode } from './jobModes.ts'
import { readUserFile } from './readUserFile.ts'

const CORRECT_IT = 'Correct the file and order again. No money moved.'

/**
 * Reads the job that a buyer wrote. Throws ClientError if the file cannot be read, and JobRejected, which
 * names every wrong field, if no seller of this version could run it.
 * @param options.mode how it is proved, instead of what the file says
 * @param options.toleranceProfile file with the thresholds for that
 */
export async function readJobFile(path: string, options: ModeOptions = {}): Promise<AnyJob> {
  const bytes = await readUserFile(path)
  if (bytes.length > MAX_JOB_BYTES) {
    throw new JobRejected(`${path} is larger than ${MAX_JOB_BYTES} bytes.`, CORRECT_IT)
  }
  const value = await inMode(parse(path, bytes), options)
  const result = jobSchemaOf(value).safeParse(value)
  if (!result.success) {
    throw new JobRejected(`${path}: ${result.error.issues.map(describeIssue).join('; ')}.`, CORRECT_IT)
  }
  requireOwnTrainer(path, result.data)
  return result.data
}

type ModeOptions = { mode?: JobMode; toleranceProfile?: string }

/** A mode that proves needs draws: the job's own; one with a tolerance its thresholds, too. */
async function inMode(value: unknown, { mode, toleranceProfile }: ModeOptions): Promise<unknown> {
  if (mode === undefined || typeof value !== 'object' || value === null) return value
  if (mode === 'none') return { ...value, proof: { mode } }
  const { proof } = value as { proof?: { draws?: unknown } }
  if (mode === 'bitwise' || mode === 'refereed') return { ...value, proof: { draws: proof?.draws, mode } }
  const given = { ...value, proof: { ...proof, mode } }
  if (toleranceProfile !== undefined) return withThresholds(given, toleranceProfile)
  if (proof && 'e' in proof && 'cosine' in proof) return given
  throw new JobRejected(
    'A tolerance is judged by thresholds, and the job has none.',
    'Give --tolerance-profile, a file that "trainyard-verify tolerance calibrate" writes (docs/tolerance.md). No money moved.',
  )
}

/** Throws JobRejected where the profile is for another job, or for other lengths of segments. */
async function withThresholds<T extends { proof: object }>(job: T, path: string): Promise<T> {
  const profile = parseProfile(await readUserFile(path))
  const { stepsPerSegment } = job as T & Partial<Job>
  if (profile.subject !== subjectOf(job as unknown as Job))
    throw new JobRejected(
      `${path} was calibrated for another job.`,
      'Calibrate one for this job. No money moved.',
    )
  const level = profile.levels.find(({ steps }) => steps === stepsPerSegment)
  if (!level)
    throw new JobRejected(
      `${path} says nothing of segments of ${stepsPerSegment} steps, but of ${profile.levels.map(({ steps }) => steps).join(', ')}.`,
      'Calibrate with segments of that length, or change "stepsPerSegment". No money moved.',
    )
  const { e, cosine } = level.thresholds
  return { ...job, proof: { ...job.proof, e, cosine } }
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

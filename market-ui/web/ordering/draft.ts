import type { Job } from '@trainyard/verifier/job.ts'
import { local } from '../local.ts'

/** What the user has typed so far, as typed: a draft may be wrong. */
export type Draft = {
  readonly name: string
  readonly layers: string
  readonly train: string
  readonly heldOut: string
  readonly seed: string
  readonly batchSize: string
  readonly learningRate: string
  readonly momentum: string
  readonly steps: string
  readonly stepsPerSegment: string
  readonly segmentsPerWindow: string
  readonly draws: string
  readonly access: string
  readonly machineId: string
  readonly maxMinutes: string
  readonly stepMillis: string
}

export type DraftField = keyof Draft

const empty: Draft = {
  name: '',
  layers: '',
  train: '',
  heldOut: '',
  seed: '',
  batchSize: '32',
  learningRate: '0.05',
  momentum: '0.9',
  steps: '',
  stepsPerSegment: '128',
  segmentsPerWindow: '10',
  draws: '10',
  access: 'public',
  machineId: '',
  maxMinutes: '10',
  stepMillis: '5',
}

/** The draft of the last visit, or an empty one. */
export const readDraft = (): Draft => {
  const kept = local.draft.get() ?? {}
  const texts = Object.entries(empty).map(([field, text]) => [field, textOr(kept[field], text)])
  return Object.fromEntries(texts) as Draft
}

const textOr = (value: unknown, text: string): string => (typeof value === 'string' ? value : text)

/** Keeps a draft for the next visit; undefined forgets it. */
export const saveDraft = (draft: Draft | undefined): void => local.draft.set(draft)

type CanonicalJob = Extract<Job, { readonly version: 1 }>

const isCanonical = (job: Job): job is CanonicalJob => job.version === 1

/** A draft's fields filled from a job; none from one whose program is in an image, which this form cannot order. */
export const draftOf = (job: Job): Partial<Draft> => (isCanonical(job) ? fieldsOf(job) : {})

const fieldsOf = (job: CanonicalJob): Partial<Draft> => ({
  name: job.name,
  layers: job.model.layers.join(', '),
  train: job.data.train.cid,
  heldOut: job.data.heldOut.cid,
  seed: job.seed,
  batchSize: String(job.hyperparameters.batchSize),
  learningRate: String(job.hyperparameters.learningRate),
  momentum: String(job.hyperparameters.momentum),
  steps: String(job.steps),
  stepsPerSegment: String(job.stepsPerSegment),
  segmentsPerWindow: String(job.segmentsPerWindow),
  draws: String(job.proof.draws),
  access: job.access,
})

/** 32 random bytes as hex. */
export const randomSeed = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

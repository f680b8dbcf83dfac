import type { AnyJob, ProgramJob } from '@trainyard/verifier/rental.ts'
import { local } from '../local.ts'
import { settingsText } from './settings.ts'

export const MIB = 1024 ** 2

/** What the user has typed so far, as typed: a draft may be wrong. */
export type Draft = {
  /** How it is proved, as jobs say it. */
  readonly mode: string
  /** `canonical`: this market's own trainer; `image`: a program in an image; `program`: any, without proof. */
  readonly profile: string
  readonly name: string
  readonly layers: string
  readonly image: string
  /** Lines, an argument each. */
  readonly command: string
  readonly kind: string
  /** Lines of `name = value`, as are the hyper-parameters'. */
  readonly modelSettings: string
  readonly hyperSettings: string
  readonly checkpointMib: string
  /** Lines of `host:port`. */
  readonly egress: string
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
  /** Thresholds of the mode tolerance. */
  readonly farthest: string
  readonly cosine: string
  readonly access: string
  readonly machineId: string
  /** The other seller's, of a refereed order. */
  readonly secondMachineId: string
  readonly maxMinutes: string
  readonly stepMillis: string
  /** Number of the order whose last checkpoint training begins with, and that checkpoint's CID; empty: it begins anew. */
  readonly resumeOrder: string
  readonly resumeCid: string
}

export type DraftField = keyof Draft

const empty: Draft = {
  mode: 'bitwise',
  profile: 'canonical',
  name: '',
  layers: '',
  image: '',
  command: '',
  kind: '',
  modelSettings: '',
  hyperSettings: '',
  checkpointMib: '64',
  egress: '',
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
  farthest: '0.0002',
  cosine: '0.00000002',
  access: 'public',
  machineId: '',
  secondMachineId: '',
  maxMinutes: '10',
  stepMillis: '5',
  resumeOrder: '',
  resumeCid: '',
}

/** A form nobody has typed in. */
export const emptyDraft = (): Draft => empty

/** The draft of the last visit, or an empty one. */
export const readDraft = (): Draft => {
  const kept = local.draft.get() ?? {}
  const texts = Object.entries(empty).map(([field, text]) => [field, textOr(kept[field], text)])
  return Object.fromEntries(texts) as Draft
}

const textOr = (value: unknown, text: string): string => (typeof value === 'string' ? value : text)

/** Keeps a draft for the next visit; undefined forgets it. */
export const saveDraft = (draft: Draft | undefined): void => local.draft.set(draft)

type Training = Exclude<AnyJob, ProgramJob>
type CanonicalJob = Extract<AnyJob, { readonly version: 1 }>
type ImageJob = Extract<AnyJob, { readonly version: 2 }>

/** A draft's fields filled from a job; it begins anew. */
export const draftOf = (job: AnyJob): Partial<Draft> => ({
  resumeOrder: '',
  resumeCid: '',
  ...(job.version === 3 ? programFields(job) : trainingFields(job)),
})

/** Its files are not in the form. */
const programFields = ({ name, access, environment, command, egress }: ProgramJob): Partial<Draft> => ({
  mode: 'none',
  profile: 'program',
  ...{ name, access },
  image: environment.image,
  command: (command ?? []).join('\n'),
  egress: (egress ?? []).join('\n'),
})

const trainingFields = (job: Training): Partial<Draft> => ({
  ...commonFields(job),
  ...(job.version === 1 ? canonicalFields(job) : imageFields(job)),
})

const canonicalFields = ({ model, hyperparameters }: CanonicalJob): Partial<Draft> => ({
  profile: 'canonical',
  layers: model.layers.join(', '),
  learningRate: String(hyperparameters.learningRate),
  momentum: String(hyperparameters.momentum),
})

const imageFields = ({ environment, model, hyperparameters, ...job }: ImageJob): Partial<Draft> => {
  const { kind, ...modelSettings } = model
  const { batchSize: _batchSize, ...hyperSettings } = hyperparameters
  return {
    profile: 'image',
    image: environment.image,
    command: (job.command ?? []).join('\n'),
    kind,
    modelSettings: settingsText(modelSettings),
    hyperSettings: settingsText(hyperSettings),
    checkpointMib: String(job.checkpointBytes / MIB),
    egress: (job.egress ?? []).join('\n'),
  }
}

const commonFields = (job: Training): Partial<Draft> => ({
  mode: job.proof.mode,
  name: job.name,
  train: job.data.train.cid,
  heldOut: job.data.heldOut.cid,
  seed: job.seed,
  batchSize: String(job.hyperparameters.batchSize),
  steps: String(job.steps),
  stepsPerSegment: String(job.stepsPerSegment),
  segmentsPerWindow: String(job.segmentsPerWindow),
  ...('draws' in job.proof ? { draws: String(job.proof.draws) } : {}),
  ...('e' in job.proof ? { farthest: String(job.proof.e), cosine: String(job.proof.cosine) } : {}),
  access: job.access,
})

/**
 * A draft that trains an order's model further: its job, from its last checkpoint, with training data to choose. Refereed orders
 * resume none, so that of one is proved by auditors.
 */
export const furtherDraftOf = (job: AnyJob, resumeOrder: string): Partial<Draft> => ({
  ...draftOf(job),
  ...(job.proof.mode === 'refereed' ? { mode: 'bitwise' } : {}),
  train: '',
  seed: randomSeed(),
  resumeOrder,
})

/** 32 random bytes as hex. */
export const randomSeed = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

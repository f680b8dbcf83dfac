import type { Job } from '@trainyard/verifier/job.ts'
import { type AnyJob, isRental, jobSchemaOf } from '@trainyard/verifier/rental.ts'
import type { z } from 'zod'
import { type Draft, type DraftField, MIB } from './draft.ts'
import { readSettings } from './settings.ts'

export type Problems = Readonly<Partial<Record<DraftField, string>>>
export type CheckedJob = { readonly job: AnyJob | undefined; readonly problems: Problems }

const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

/** Checks a draft's job by the schema that CLI, seller and auditor use, and by what the contract adds to it. */
export const checkJob = (draft: Draft, trainerHash: string): CheckedJob => {
  const written = draft.profile === 'program' ? programJob(draft) : trainingJob(draft, trainerHash)
  const parsed = jobSchemaOf(written).safeParse(written)
  const unreadable = draft.profile === 'image' ? unreadableSettings(draft) : {}
  if (!parsed.success)
    return { job: undefined, problems: { ...problemsOf(parsed.error.issues), ...unreadable } }
  if (Object.keys(unreadable).length > 0) return { job: undefined, problems: unreadable }
  if (isRental(parsed.data)) return { job: parsed.data, problems: {} }
  const windows = windowsOf(parsed.data)
  if (parsed.data.proof.draws >= windows) return { job: parsed.data, problems: {} }
  const draws = `at least ${windows}: one for each of the ${windows} windows, since one never drawn from could be faked`
  return { job: undefined, problems: { draws } }
}

const trainingJob = (draft: Draft, trainerHash: string) => {
  const own = draft.profile === 'image' ? imagePart(draft) : canonicalPart(draft, trainerHash)
  return {
    ...own,
    name: draft.name.trim(),
    data: { train: { cid: draft.train.trim() }, heldOut: { cid: draft.heldOut.trim() } },
    seed: draft.seed.trim(),
    steps: numberIn(draft.steps),
    stepsPerSegment: numberIn(draft.stepsPerSegment),
    segmentsPerWindow: numberIn(draft.segmentsPerWindow),
    proof: proofOf(draft),
    access: draft.access,
    ...(draft.resumeOrder === '' ? {} : { resumeFrom: { cid: draft.resumeCid } }),
  }
}

const proofOf = ({ mode, draws, farthest, cosine }: Draft) => {
  if (mode === 'none') return { mode }
  const exact = { mode, draws: numberIn(draws) }
  return mode === 'tolerance' ? { ...exact, e: numberIn(farthest), cosine: numberIn(cosine) } : exact
}

/** Any program, which only an order without proof can run. */
const programJob = (draft: Draft) => {
  const [command, egress] = [linesOf(draft.command), linesOf(draft.egress)]
  return {
    version: 3,
    name: draft.name.trim(),
    environment: { profile: 'image', image: draft.image.trim() },
    ...(command.length > 0 ? { command } : {}),
    ...(egress.length > 0 ? { egress } : {}),
    access: draft.access,
    proof: { mode: draft.mode },
  }
}

const canonicalPart = (draft: Draft, trainerHash: string) => ({
  version: 1,
  environment: { profile: 'canonical', trainerHash },
  model: { kind: 'mlp', layers: draft.layers.split(',').map(numberIn) },
  hyperparameters: {
    batchSize: numberIn(draft.batchSize),
    learningRate: numberIn(draft.learningRate),
    momentum: numberIn(draft.momentum),
  },
})

const imagePart = (draft: Draft) => {
  const [command, egress] = [linesOf(draft.command), linesOf(draft.egress)]
  return {
    version: 2,
    environment: { profile: 'image', image: draft.image.trim() },
    ...(command.length > 0 ? { command } : {}),
    model: { ...readSettings(draft.modelSettings), kind: draft.kind.trim() },
    hyperparameters: { ...readSettings(draft.hyperSettings), batchSize: numberIn(draft.batchSize) },
    checkpointBytes: Math.round(numberIn(draft.checkpointMib) * MIB),
    ...(egress.length > 0 ? { egress } : {}),
  }
}

const linesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))

const unreadableSettings = (draft: Draft): Problems => {
  const problems: Partial<Record<DraftField, string>> = {}
  for (const field of ['modelSettings', 'hyperSettings'] as const)
    if (readSettings(draft[field]) === undefined)
      problems[field] = 'lines of name = value are needed, no name twice'
  return problems
}

/** Windows that a job's steps make. */
export const windowsOf = (job: Pick<Job, 'steps' | 'stepsPerSegment' | 'segmentsPerWindow'>): number =>
  Math.ceil(Math.ceil(job.steps / job.stepsPerSegment) / job.segmentsPerWindow)

const problemsOf = (issues: readonly z.core.$ZodIssue[]): Problems => {
  const problems: Partial<Record<DraftField, string>> = {}
  for (const issue of issues) problems[fieldOf(issue.path.map(String))] ??= wordsOf(issue)
  return problems
}

/** The field of the form that a place in the job comes from. */
const fieldOf = ([first = '', second = '']: readonly string[]): DraftField => {
  if (first === 'environment') return 'image'
  if (first === 'checkpointBytes') return 'checkpointMib'
  if (first === 'resumeFrom') return 'resumeCid'
  if (first === 'model') return second === 'layers' ? 'layers' : second === 'kind' ? 'kind' : 'modelSettings'
  if (first === 'hyperparameters' && !['batchSize', 'learningRate', 'momentum'].includes(second))
    return 'hyperSettings'
  if (first === 'proof')
    return second === 'e' ? 'farthest' : second === 'mode' || second === 'cosine' ? second : 'draws'
  if (first === 'data') return second === 'train' ? 'train' : 'heldOut'
  return (first === 'hyperparameters' ? second : first) as DraftField
}

const wordsOf = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number is needed' : 'a number is needed'
    case 'too_small':
      if (issue.origin === 'string') return 'this is needed'
      if (issue.origin === 'array') return 'at least 2 layers, such as 256, 64, 10'
      return issue.inclusive ? `at least ${issue.minimum}` : `more than ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `at most ${issue.maximum} characters`
      if (issue.origin === 'array') return `at most ${issue.maximum} lines`
      return issue.inclusive ? `at most ${issue.maximum}` : `less than ${issue.maximum}`
    default:
      return issue.message
  }
}

import { z } from 'zod'
import { sha256 } from '#sha256'
import { InputInvalid } from '../errors.ts'
import { bytes32, whole } from '../fields.ts'
import { type Hex, toHex } from '../hash/hex.ts'
import { type Job, MAX_TOLERANCE_STEPS } from '../job.ts'
import { canonicalBytes, parseJson } from '../json.ts'
import { type Distance, largest } from './measure.ts'

export const MAX_PROFILE_BYTES = 256 * 1024
/** Longer stretches amplify what is small: at 150 steps honest replays were as far off as a skipped step (docs/tolerance.md). */
export const MAX_STEPS = MAX_TOLERANCE_STEPS
/** Thresholds are so many times what calibration measured (the cosine's its square): tails differ from run to run. */
export const WIDENING = 5
/** A claim that learnt less than half, or more than twice as much as its replay, is none. */
export const PROGRESS = { least: 0.5, most: 2 } as const
/** Shares of a run that are judged beside its single stretches: honest tails are rare, and a cheat needs its room in most. */
export const USUAL = { half: 0.5, most: 0.9 } as const
const MIN_PAIRS = 3

/** The three figures that are compared, each the largest over tensors or steps. */
export const STATISTICS = ['e', 'cosine', 'loss'] as const
export type Statistics = Record<(typeof STATISTICS)[number], number>

const threshold = z.number().nonnegative()
const statistics = z.strictObject({ e: threshold, cosine: threshold, loss: threshold })

/** Thresholds of one length of stretch, and what they come from. */
const levelSchema = z.strictObject({
  steps: whole(1, MAX_STEPS),
  /** honest replays that were measured */
  n: whole(1, 1e9),
  /** hardware that claimed and hardware that replayed, with the number of replays of each */
  pairs: z
    .array(z.strictObject({ name: z.string().min(1).max(128), n: whole(1, 1e9) }))
    .min(MIN_PAIRS)
    .max(64),
  thresholds: statistics,
  /** what half and nine tenths of a run's stretches stay within (judgeRun.ts) */
  usual: z.strictObject({ half: statistics, most: statistics }),
})

/** How far apart honest machines are on a job, by length of stretch. */
export const profileSchema = z.strictObject({
  version: z.literal(1),
  /** chance that one honest stretch is outside */
  alpha: z.number().gt(0).lt(1),
  /** see subjectOf */
  subject: bytes32,
  levels: z.array(levelSchema).min(1).max(MAX_STEPS),
})

export type Profile = z.infer<typeof profileSchema>
export type Level = z.infer<typeof levelSchema>

/** Parses a profile. Throws InputInvalid. */
export function parseProfile(bytes: Uint8Array): Profile {
  return parseJson(bytes, profileSchema, 'tolerance profile', MAX_PROFILE_BYTES)
}

/** What a profile holds for: environment, model, hyper-parameters and data of a job; not its seed, length or name. */
export function subjectOf({ version, environment, model, hyperparameters, data }: Job): Hex {
  return toHex(sha256(canonicalBytes({ version, environment, model, hyperparameters, data })))
}

export function statisticsOf({ tensors, loss }: Distance): Statistics {
  return {
    e: largest(tensors.map(({ e }) => e)),
    cosine: largest(tensors.map(({ cosine }) => cosine)),
    loss,
  }
}

/** Honest replays of one run by one pair of hardware; a pair may come again with other runs. */
export type Measured = { pair: string; distances: readonly Distance[] }

/**
 * Thresholds from order statistics: of n exchangeable honest replays the ceil((n+1)(1-a))-th smallest is exceeded by another
 * one with a chance of at most a. Each of the three statistics takes a third of alpha. What is usual is the largest of what
 * half and nine tenths of each run stayed within. Both are widened, see WIDENING. Throws InputInvalid where replays or pairs
 * are too few, lengths differ, or something that must be equal is not.
 */
export function levelOf(measured: readonly Measured[], alpha: number): Level {
  const distances = measured.flatMap((one) => one.distances)
  const steps = distances[0]?.steps ?? 0
  const refuse = (reason: string) => new InputInvalid('calibration', reason)
  if (steps < 1 || steps > MAX_STEPS)
    throw refuse(`stretches of ${steps} steps; 1 to ${MAX_STEPS} can be judged`)
  if (distances.some((one) => one.steps !== steps)) throw refuse('stretches of different lengths')
  const odd = distances.find(({ unequal }) => unequal.length > 0)
  if (odd) throw refuse(`a replay that is not honest: it differs in ${odd.unequal.join(', ')}`)
  const named = new Set(measured.map(({ pair }) => pair))
  if (named.size < MIN_PAIRS) throw refuse(`${named.size} pairs of hardware; ${MIN_PAIRS} are needed`)
  const n = distances.length
  const rank = Math.ceil((n + 1) * (1 - alpha / STATISTICS.length))
  if (rank > n) {
    const needed = Math.ceil(STATISTICS.length / alpha) - 1
    throw refuse(`${n} honest replays; an alpha of ${alpha} needs ${needed}`)
  }
  const all = distances.map(statisticsOf)
  const at = (name: keyof Statistics) => {
    const value = Float64Array.from(all, (one) => one[name]).sort()[rank - 1]!
    if (!Number.isFinite(value)) throw refuse(`honest replays have no bound in ${name}`)
    return value
  }
  const pairs = [...named].map((name) => {
    const own = measured.filter(({ pair }) => pair === name)
    return { name, n: own.reduce((sum, one) => sum + one.distances.length, 0) }
  })
  const usualOf = (share: number) =>
    widened((name) => Math.max(...measured.map((run) => quantile(run.distances, name, share))))
  const usual = { half: usualOf(USUAL.half), most: usualOf(USUAL.most) }
  return { steps, n, pairs, thresholds: widened(at), usual }
}

function widened(at: (name: keyof Statistics) => number): Statistics {
  return { e: WIDENING * at('e'), cosine: WIDENING ** 2 * at('cosine'), loss: WIDENING * at('loss') }
}

/** What a share of them stay within; 0 of none. */
export function quantile(distances: readonly Distance[], name: keyof Statistics, share: number): number {
  const values = Float64Array.from(distances, (one) => statisticsOf(one)[name]).sort()
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0
}

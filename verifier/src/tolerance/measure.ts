import { floatOf } from '../canonical/math.ts'
import type { Tensor } from '../canonical/tensor.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import { type JobState, tensorsOf } from '../jobState.ts'
import { floatsOf } from './floatsOf.ts'

/** How far one tensor's claim is from its replay, both from the same state before, by the size of the replay's update. */
export type TensorDistance = {
  name: string
  /** ||replayed - claimed|| / ||replayed - before|| */
  e: number
  /** 1 - cosine of the two updates */
  cosine: number
  /** ||claimed - before|| / ||replayed - before||: 1 if as much was learnt */
  progress: number
}

export type Distance = {
  /** steps between the two states */
  steps: number
  /** of each tensor of floating-point numbers */
  tensors: TensorDistance[]
  /** largest |claimed - replayed| of a step's loss */
  loss: number
  /** what has to be equal on any hardware and is not, in words */
  unequal: string[]
}

/** A run's end and its steps' bits. */
export type Outcome = { state: JobState; inner: readonly InnerStep[] }

/**
 * Compares a claimed outcome with a replay from the same (teacher-forced) state. Distances are per tensor, since a norm over
 * all hides a layer that was not trained, and relative to the update, since absolute ones were chosen for some network
 * (Jia et al. 2021). What is no floating-point number must be equal. NaN anywhere makes a distance Infinity.
 */
export function measure(before: JobState, replayed: Outcome, claimed: Outcome): Distance {
  const [start, theirs] = [byName(before), byName(claimed.state)]
  const own = byName(replayed.state)
  const unequal: string[] = []
  const tensors: TensorDistance[] = []
  for (const [name, tensor] of own) {
    const [now, then, from] = [tensor, theirs.get(name), start.get(name)].map((one) => one && floatsOf(one))
    if (now && then && from && now.length === then.length && now.length === from.length) {
      tensors.push({ name, ...compare(from, now, then) })
    } else if (now || !same(tensor, theirs.get(name))) unequal.push(`tensor ${name}`)
  }
  if (theirs.size !== own.size) unequal.push('the set of tensors')
  if (claimed.inner.length !== replayed.inner.length) unequal.push('the number of steps')
  const losses = replayed.inner.map(([bits], i) =>
    Math.abs(floatOf(bits) - floatOf(claimed.inner[i]?.[0] ?? 0)),
  )
  return { steps: replayed.inner.length, tensors, loss: largest(losses), unequal }
}

/** The largest, Infinity if one is not a number; 0 of none. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (Number.isNaN(value) ? Infinity : Math.max(most, value)), 0)
}

function byName(state: JobState): Map<string, Tensor> {
  return new Map(tensorsOf(state).map((tensor) => [tensor.name, tensor]))
}

function same(a: Tensor, b: Tensor | undefined): boolean {
  return b !== undefined && a.dtype === b.dtype && Buffer.compare(a.bytes, b.bytes) === 0
}

function compare(from: Float64Array, replayed: Float64Array, claimed: Float64Array) {
  let off = 0
  let own = 0
  let theirs = 0
  let product = 0
  for (let i = 0; i < from.length; i++) {
    const [a, b] = [replayed[i]! - from[i]!, claimed[i]! - from[i]!]
    off += (a - b) ** 2
    own += a * a
    theirs += b * b
    product += a * b
  }
  if (own === 0) {
    // Nothing was to be learnt: only nothing fits.
    return theirs === 0 ? { e: 0, cosine: 0, progress: 1 } : { e: Infinity, cosine: 1, progress: Infinity }
  }
  const cosine = theirs === 0 ? 1 : Math.max(0, 1 - product / Math.sqrt(own * theirs))
  return {
    e: numberOf(Math.sqrt(off / own)),
    cosine: numberOf(cosine),
    progress: numberOf(Math.sqrt(theirs / own)),
  }
}

function numberOf(value: number): number {
  return Number.isNaN(value) ? Infinity : value
}

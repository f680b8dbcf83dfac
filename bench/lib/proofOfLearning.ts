import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import type { Run } from '../../test/verifier/redteam/attack.ts'
import { type StepCheat, trainCheaply } from '../../test/verifier/redteam/trainCheaply.ts'
import type { World } from '../../test/verifier/redteam/world.ts'

/** Defaults of the reference code (Jia et al. 2021, arXiv 2103.05633). */
const TOP_Q = 2
const LIMITS = { l1: 1000, l2: 10, lInf: 0.1, cosine: 0.01 }
const KS_LEVEL = 0.01

export type PolVerdict = {
  accepted: boolean
  /** why not */
  reason: string | null
  intervals: number
  steps: number
}

/**
 * Verifies a run as Proof-of-Learning does: initial weights by a Kolmogorov-Smirnov test against the distribution that
 * they should come from; then, in each epoch, the two intervals between checkpoints that moved the weights most are
 * run again, and must end within fixed distances of the claimed weights. Signatures and hashes of data are left out: they
 * bind the log to its prover and say nothing about what was trained.
 * @param log what the prover says it used in a segment
 */
export function verifyProofOfLearning(
  world: World,
  run: Run,
  log: (segment: number) => StepCheat,
): PolVerdict {
  const intervals = topOfEachEpoch(world, run)
  const cost = { intervals: intervals.length, steps: intervals.length * world.size.stepsPerSegment }
  if (!initialisedAtRandom(world, run.initial)) return { accepted: false, reason: 'initial weights', ...cost }
  for (const segment of intervals) {
    const found = trainCheaply(world, stateAt(run, segment), segment, log(segment)).state
    const apart = distances(found, run.segments[segment]!.state)
    const over = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).find(
      (name) => !(apart[name] <= LIMITS[name]),
    )
    if (over) return { accepted: false, reason: `${over} in segment ${segment}`, ...cost }
  }
  return { accepted: true, reason: null, ...cost }
}

function stateAt(run: Run, segment: number): TrainState {
  return segment === 0 ? run.initial : run.segments[segment - 1]!.state
}

function topOfEachEpoch({ size, data }: World, run: Run): number[] {
  const epochs = new Map<number, { segment: number; moved: number }[]>()
  run.segments.forEach(({ state }, segment) => {
    const epoch = Math.floor((segment * size.stepsPerSegment * size.batchSize) / data.samples)
    const moved = distances(stateAt(run, segment), state).l2
    epochs.set(epoch, [...(epochs.get(epoch) ?? []), { segment, moved }])
  })
  return [...epochs.values()].flatMap((moves) => {
    const sorted = moves.sort((a, b) => b.moved - a.moved)
    return sorted.slice(0, TOP_Q).map(({ segment }) => segment)
  })
}

/** Between the weights of two states, all tensors as one vector. */
function distances(a: TrainState, b: TrainState): Record<keyof typeof LIMITS, number> {
  let [l1, squares, lInf, dot, aa, bb] = [0, 0, 0, 0, 0, 0]
  a.params.forEach((values, i) => {
    const others = b.params[i]!
    for (let j = 0; j < values.length; j++) {
      const [x, y] = [values[j]!, others[j]!]
      const apart = Math.abs(x - y)
      l1 += apart
      squares += apart * apart
      lInf = Math.max(lInf, apart)
      dot += x * y
      aa += x * x
      bb += y * y
    }
  })
  return { l1, l2: Math.sqrt(squares), lInf, cosine: 1 - dot / Math.sqrt(aa * bb) }
}

/** Each layer's weights against He's uniform distribution, which the job prescribes. */
function initialisedAtRandom({ size }: World, state: TrainState): boolean {
  return size.layers.slice(0, -1).every((inputs, layer) => {
    const bound = Math.sqrt(6 / inputs)
    return (
      ksTest(state.params[2 * layer]!, (x) => Math.min(1, Math.max(0, (x + bound) / (2 * bound)))) > KS_LEVEL
    )
  })
}

/** Probability of a distance this large between sample and distribution (Kolmogorov's limit, Stephens' correction). */
function ksTest(values: Float32Array, cumulative: (x: number) => number): number {
  const sorted = values.slice().sort()
  const n = sorted.length
  let d = 0
  sorted.forEach((x, i) => {
    const at = cumulative(x)
    d = Math.max(d, (i + 1) / n - at, at - i / n)
  })
  const t = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * d
  let p = 0
  for (let k = 1; k <= 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * t * t)
  return t < 0.2 ? 1 : Math.min(1, Math.max(0, p))
}

import { evaluate } from '@trainyard/verifier/canonical/evaluate.ts'
import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { judgeRun } from '@trainyard/verifier/tolerance/judgeRun.ts'
import { type Distance, measure } from '@trainyard/verifier/tolerance/measure.ts'
import { levelOf, type Measured, type Profile, subjectOf } from '@trainyard/verifier/tolerance/profile.ts'
import { ARITHMETICS, type Arithmetic, trainOtherwise } from '../../tolerance/otherArithmetic.ts'
import type { Run } from '../attack.ts'
import { openWorld, type Size, SMALL, type World } from '../world.ts'
import { triggered } from './drift.ts'
import type { KnowingCheat } from './knowing.ts'

/** A job that is learnt by half of its steps: then most samples hardly count, which is what a lazy seller waits for. */
export const LEARNT: Size = { ...SMALL, learningRate: 0.2, stepsPerSegment: 10, segments: 80 }

/** Losses are left out: auditors of an order do not know them. */
const noLoss = { inner: [] }

/** How far each segment of a run is from the replay of another machine. */
export function distancesOf(world: World, run: Run, auditor: Arithmetic): Distance[] {
  return run.segments.map(({ state }, segment) => {
    const before = run.segments[segment - 1]?.state ?? run.initial
    const replayed = trainOtherwise(world, auditor, before, segment)
    const distance = measure(before, { state: replayed.state, ...noLoss }, { state, ...noLoss })
    return { ...distance, steps: world.size.stepsPerSegment }
  })
}

/** Thresholds from honest runs of this size, between the canonical trainer and all others. */
export async function profileFor(size: Size, seeds: readonly number[], alpha: number): Promise<Profile> {
  const measured: Measured[] = []
  let world: World | undefined
  for (const seed of seeds) {
    world = await openWorld(size, seed)
    for (const auditor of ARITHMETICS)
      measured.push({ pair: auditor.name, distances: distancesOf(world, world.honest, auditor) })
  }
  if (!world) throw new RangeError('no seeds')
  return { version: 1, alpha, subject: subjectOf(world.job), levels: [levelOf(measured, alpha)] }
}

export type Judged = {
  /** shares of the multiplications of an honest run: not done, and done in few bits */
  saved: number
  short: number
  /** share of the segments that are outside */
  outside: number
  /** of the segments' margins */
  median: number
  largest: number
  /** what judgeRun says */
  unusual: string[]
  /** from the honest end, over the honest way */
  away: number
  /** more than the honest one's, on held-out data; and share of images with the trigger that are called class 0 */
  loss: number
  backdoor: number
}

/** What a cheat comes to: what it saves, who sees it, what it does to the model. */
export function judgeCheat(world: World, cheat: KnowingCheat, profile: Profile): Judged {
  const { run, meter } = cheat.run(world, profile.levels[0]!)
  const distances = distancesOf(world, run, ARITHMETICS[1])
  const verdicts = distances.map((distance) => judge(profile, distance))
  const margins = verdicts.map(({ margin }) => margin ?? 0).sort((a, b) => a - b)
  const [end, honest] = [run, world.honest].map(({ segments }) => segments.at(-1)!.state.params)
  const { layers } = world.size
  const more = (data: World['heldOut'], of: 'loss' | 'accuracy') =>
    evaluate(layers, end!, data)[of] - evaluate(layers, honest!, data)[of]
  return {
    saved: 1 - meter.done / meter.asked,
    short: meter.short / meter.asked,
    outside: verdicts.filter(({ word }) => word === 'outside').length / verdicts.length,
    median: margins[margins.length >> 1]!,
    largest: margins.at(-1)!,
    unusual: judgeRun(profile, distances),
    away: between(end!, honest!) / between(honest!, world.honest.initial.params),
    loss: more(world.heldOut, 'loss'),
    backdoor: more(triggered(world.heldOut), 'accuracy'),
  }
}

function between(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.hypot(...a.map((values, t) => Math.hypot(...values.map((value, j) => value - b[t]![j]!))))
}

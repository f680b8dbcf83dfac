import { drillDown } from '@trainyard/verifier/tolerance/drillDown.ts'
import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { measure as distanceOf } from '@trainyard/verifier/tolerance/measure.ts'
import { type Level, levelOf, type Profile, subjectOf } from '@trainyard/verifier/tolerance/profile.ts'
import type { Attack } from '../test/verifier/redteam/attack.ts'
import { trainingAttacks } from '../test/verifier/redteam/attacks.ts'
import { openWorld, SMALL, type World } from '../test/verifier/redteam/world.ts'
import { type Figure, median, round } from './lib/figure.ts'
import { honestDistances, honestSteps, PAIRS } from './lib/honestDistances.ts'

const ALPHA = 0.001
const CALIBRATION_WORLDS = 60
const FRESH_WORLDS = 30
const ATTACKED_WORLDS = 3
const STEPS = [1, 4, 10] as const
/** The mathematics of the job, or less than a rounding away: nothing with a tolerance can see them. */
const INVISIBLE = ['order within a batch', 'one bit of one weight']

/**
 * Tolerance mode against the red team's training attacks: thresholds from honest replays between machines that add up in
 * different orders, false alarms in further ones with and without drill-down, and the smallest margin of each attack's faked
 * segments, by length of segment. The figure is the smallest margin of all attacks that change the mathematics of what is
 * compared; where a segment has one step, a cheat inside a segment that leaves nothing out is none, and is left aside.
 */
export async function measure(): Promise<Figure> {
  const lengths = []
  let single: Level | undefined
  for (const steps of STEPS) {
    const found = await measureLength(steps, single)
    single ??= found.level
    lengths.push(found)
  }
  const margins = lengths.flatMap(({ steps, attacks }) =>
    attacks
      .filter(({ name, isJobs }) => !isJobs && !INVISIBLE.includes(name))
      .map((one) => ({ steps, ...one })),
  )
  const least = margins.reduce((a, b) => (b.smallest < a.smallest ? b : a))
  return {
    figure: 'tolerance',
    value: least.smallest,
    unit: 'smallest attack / honest threshold',
    reference: 'proofs.md 3: 9 at 10 steps, 4 at 50, below 1 at 150',
    ratio: round(least.smallest / 3),
    goal: '>= 3',
    met: least.smallest >= 3,
    detail: { least: `${least.name}, ${least.steps} steps`, alpha: ALPHA, lengths },
  }
}

async function measureLength(stepsPerSegment: number, single: Level | undefined) {
  const open = (firstSeed: number, count: number): Promise<World[]> =>
    Promise.all(
      Array.from({ length: count }, (_, i) => openWorld({ ...SMALL, stepsPerSegment }, firstSeed + i)),
    )
  const worlds = await open(2_000, CALIBRATION_WORLDS)
  const level = levelOf(honestDistances(worlds), ALPHA)
  const levels = single ? [single, level] : [level]
  const profile: Profile = { version: 1, alpha: ALPHA, subject: subjectOf(worlds[0]!.job), levels }
  const fresh = await falseAlarms(await open(3_000, FRESH_WORLDS), profile)
  const attacked = await open(4_000, ATTACKED_WORLDS)
  const attacks = []
  for (const attack of trainingAttacks) attacks.push(await marginsOf(attack, attacked, profile))
  return { steps: stepsPerSegment, level, fresh, attacks }
}

async function falseAlarms(worlds: readonly World[], profile: Profile) {
  let segments = 0
  let outside = 0
  let afterDrillDown = 0
  for (const step of worlds.flatMap(honestSteps)) {
    segments++
    if (judge(profile, step.distance()).word !== 'outside') continue
    outside++
    const { before, claimed, replayStep } = step
    if ((await drillDown(profile, before, claimed(), replayStep)).step !== null) afterDrillDown++
  }
  return { segments, outside, afterDrillDown }
}

/** Faked segments as an auditor with another arithmetic finds them. isJobs: some are what the job asks for. */
async function marginsOf(attack: Attack, worlds: readonly World[], profile: Profile) {
  const margins: number[] = []
  let outside = 0
  let isJobs = false
  for (const world of worlds) {
    const run = await attack.run(world)
    for (const segment of attack.wrong(world)) {
      const before = run.segments[segment - 1]?.state ?? run.initial
      const [[canonical], [, auditor]] = [PAIRS[0]!, PAIRS[1]!]
      const claimed = run.segments[segment]!
      // The segment itself is honest: what is wrong is before it, such as the weights that training began with.
      isJobs ||= canonical.train(world, before, segment).stateRoot === claimed.stateRoot
      const verdict = judge(profile, distanceOf(before, auditor.train(world, before, segment), claimed))
      if (verdict.word === 'outside') outside++
      margins.push(verdict.margin ?? 0)
    }
  }
  const tidy = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : 1e9)
  return {
    name: attack.name,
    isJobs,
    smallest: tidy(Math.min(...margins)),
    median: tidy(median(margins)),
    outside: round(outside / margins.length, 3),
  }
}

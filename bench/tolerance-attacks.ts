import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { judgeRun } from '@trainyard/verifier/tolerance/judgeRun.ts'
import type { Profile } from '@trainyard/verifier/tolerance/profile.ts'
import { drift, toBackdoor } from '../test/verifier/redteam/tolerance/drift.ts'
import {
  distancesOf,
  type Judged,
  judgeCheat,
  LEARNT,
  profileFor,
} from '../test/verifier/redteam/tolerance/judgeCheat.ts'
import { type KnowingCheat, trickThroughout } from '../test/verifier/redteam/tolerance/knowing.ts'
import { knowingCheats } from '../test/verifier/redteam/tolerance/knowingCheats.ts'
import { runFrom } from '../test/verifier/redteam/trainCheaply.ts'
import { openWorld, type Size, SMALL, type World } from '../test/verifier/redteam/world.ts'
import { ARITHMETICS, trainOtherwise } from '../test/verifier/tolerance/otherArithmetic.ts'
import { type Figure, median, round } from './lib/figure.ts'

const ALPHA = 0.001
const CALIBRATION_WORLDS = 30
const FRESH_WORLDS = 40
const ATTACKED_WORLDS = 5
const DRAWN = 12
const SIZES: readonly (readonly [string, Size])[] = [
  ['half learnt, 40 segments of 4 steps', SMALL],
  ['learnt, 80 segments of 10 steps', LEARNT],
]

/** An honest seller with another arithmetic: how far from the canonical end honest machines end. */
const HONEST: KnowingCheat = {
  name: 'honest, another machine',
  how: 'as the job says',
  run: (world) => ({
    ...trickThroughout(world, () => ({})),
    run: runFrom(world, (segment, before) => trainOtherwise(world, ARITHMETICS[0], before, segment)),
  }),
}
/** Thresholds that a careless buyer may write into a job, up to the most that one may say. */
const careless = [0.001, 0.01, 0.1].map((e) =>
  drift(`drift to a backdoor where the job allows e = ${e}`, '', () => 0.9 * e, toBackdoor),
)

/**
 * Cheats against tolerance mode by somebody who knows thresholds and code (test/verifier/redteam/tolerance): what each saves,
 * whether a segment or the run gives it away, and what it does to the model; and false alarms of both in fresh honest runs.
 * The figure is the largest share of an honest run's multiplications that an accepted cheat leaves out.
 */
export async function measure(): Promise<Figure> {
  const sizes = []
  for (const [name, size] of SIZES) {
    const profile = await profileFor(size, from(2_000, CALIBRATION_WORLDS), ALPHA)
    const worlds: World[] = []
    for (const seed of from(4_000, ATTACKED_WORLDS)) worlds.push(await openWorld(size, seed))
    const rows = [HONEST, ...knowingCheats, ...careless].map((cheat) => rowOf(cheat, worlds, profile))
    const fresh = await falseAlarms(size, profile)
    sizes.push({ name, level: profile.levels[0], fresh, rows })
  }
  const accepted = sizes.flatMap(({ rows }) => rows.filter(({ unusual }) => unusual === 0))
  const most = accepted.reduce((a, b) => (b.savedPercent > a.savedPercent ? b : a))
  const bySegments = sizes.flatMap(({ rows }) => rows.filter(({ missed }) => missed >= 0.5))
  return {
    figure: 'tolerance-attacks',
    value: most.savedPercent,
    unit: '% of the multiplications left out by an accepted cheat',
    reference: `where single segments alone are judged, twelve drawn, missed by half or more: ${Math.max(...bySegments.map((row) => row.savedPercent))} %`,
    ratio: round(most.savedPercent / 5),
    goal: '< 5 %',
    met: most.savedPercent < 5,
    detail: { most: most.name, sizes },
  }
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

function rowOf(cheat: KnowingCheat, worlds: readonly World[], profile: Profile) {
  const judged = worlds.map((world) => judgeCheat(world, cheat, profile))
  const mean = (of: (one: Judged) => number) => judged.reduce((sum, one) => sum + of(one), 0) / judged.length
  const tidy = (value: number) => Number(value.toPrecision(2))
  return {
    name: cheat.name,
    savedPercent: round(100 * mean(({ saved }) => saved), 1),
    shortPercent: round(100 * mean(({ short }) => short), 0),
    outside: round(
      mean(({ outside }) => outside),
      3,
    ),
    /** chance that no segment of a draw is outside */
    missed: round(
      mean(({ outside }) => (1 - outside) ** DRAWN),
      3,
    ),
    unusual: judged.filter(({ unusual }) => unusual.length > 0).length,
    margin: tidy(median(judged.map((one) => one.median))),
    largest: tidy(Math.max(...judged.map((one) => one.largest))),
    away: tidy(Math.max(...judged.map(({ away }) => away))),
    loss: tidy(Math.max(...judged.map(({ loss }) => loss))),
    backdoor: round(Math.max(...judged.map(({ backdoor }) => backdoor)), 3),
  }
}

async function falseAlarms(size: Size, profile: Profile) {
  const counts = { segments: 0, outside: 0, runs: 0, unusualRuns: 0 }
  for (const seed of from(3_000, FRESH_WORLDS)) {
    const world = await openWorld(size, seed)
    for (const auditor of ARITHMETICS) {
      const distances = distancesOf(world, world.honest, auditor)
      counts.segments += distances.length
      counts.outside += distances.filter((one) => judge(profile, one).word === 'outside').length
      counts.runs++
      if (judgeRun(profile, distances).length > 0) counts.unusualRuns++
    }
  }
  return counts
}

import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { judgeRun } from '@trainyard/verifier/tolerance/judgeRun.ts'
import type { Profile } from '@trainyard/verifier/tolerance/profile.ts'
import { beforeAll, expect, test } from 'vitest'
import { ARITHMETICS } from '../../tolerance/otherArithmetic.ts'
import { openWorld, type World } from '../world.ts'
import { driftToBackdoor } from './drift.ts'
import { inHalf, learntSamples, noWayBack, tuned } from './easySamples.ts'
import { sameAgain } from './guesses.ts'
import { distancesOf, judgeCheat, LEARNT, profileFor } from './judgeCheat.ts'
import { tf32, twoBf16 } from './shortNumbers.ts'

let profile: Profile
let world: World
beforeAll(async () => {
  profile = await profileFor(LEARNT, [2000, 2001, 2002], 0.01)
  world = await openWorld(LEARNT, 4000)
})

test('default: other machines than the calibrated seeds are within, and nothing is unusual', () => {
  for (const auditor of ARITHMETICS) {
    const distances = distancesOf(world, world.honest, auditor)
    expect(distances.filter((one) => judge(profile, one).word === 'outside')).toEqual([])
    expect(judgeRun(profile, distances)).toEqual([])
  }
})

test.each([sameAgain, tf32])('error: $name is outside, segment by segment', (cheat) => {
  expect(judgeCheat(world, cheat, profile).outside).toBeGreaterThan(0.9)
})

test.each([learntSamples, inHalf, noWayBack, twoBf16, driftToBackdoor])(
  'error: $name is within in every segment, and its run is unusual',
  (cheat) => {
    const { outside, unusual } = judgeCheat(world, cheat, profile)
    expect(outside).toBe(0)
    expect(unusual).toContainEqual(expect.stringMatching(/^e is up to .* in (50|90) % of 80 stretches/))
  },
)

test('behavior: what is left to who knows all limits is little, and harms nothing', () => {
  const before = judgeCheat(world, learntSamples, profile).saved
  const { outside, unusual, saved, away, backdoor } = judgeCheat(world, tuned, profile)
  expect({ outside, unusual, backdoor }).toEqual({ outside: 0, unusual: [], backdoor: 0 })
  expect(saved).toBeLessThan(before)
  expect(away).toBeLessThan(1e-3)
})

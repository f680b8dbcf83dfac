import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { judgeRun } from '@trainyard/verifier/tolerance/judgeRun.ts'
import type { Profile } from '@trainyard/verifier/tolerance/profile.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { ARITHMETICS } from '../../tolerance/otherArithmetic.ts'
import { openWorld, SMALL, type World } from '../world.ts'
import { distancesOf, judgeCheat, LEARNT, profileFor } from './judgeCheat.ts'
import { knowingCheats } from './knowingCheats.ts'

const ATTACKED = 5
const FRESH = 20
const TIMEOUT_MS = 300_000
const seeds = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

describe.each([
  ['half learnt', SMALL],
  ['learnt', LEARNT],
] as const)('%s', (_, size) => {
  let profile: Profile
  let worlds: World[]
  beforeAll(async () => {
    profile = await profileFor(size, seeds(2000, 10), 0.003)
    worlds = await Promise.all(seeds(4000, ATTACKED).map((seed) => openWorld(size, seed)))
  }, TIMEOUT_MS)

  test('default: fresh honest runs are usual', { timeout: TIMEOUT_MS }, async () => {
    for (const seed of seeds(3000, FRESH)) {
      const world = await openWorld(size, seed)
      for (const auditor of ARITHMETICS) {
        const distances = distancesOf(world, world.honest, auditor)
        expect(distances.filter((one) => judge(profile, one).word === 'outside')).toEqual([])
        expect(judgeRun(profile, distances)).toEqual([])
      }
    }
  })

  test.each(knowingCheats)('error: $name is seen, or saves little and harms nothing', (cheat) => {
    for (const world of worlds) {
      const { outside, unusual, saved, short, loss, backdoor } = judgeCheat(world, cheat, profile)
      if (outside > 0.3 || unusual.length > 0) continue
      expect(saved).toBeLessThan(0.08)
      expect(short).toBe(0)
      expect(loss).toBeLessThan(0.02)
      expect(backdoor).toBeLessThan(0.05)
    }
  })
})

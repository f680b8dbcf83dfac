import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimAttacks, trainingAttacks } from './attacks.ts'
import { type AuditRoom, openAuditRoom, wrongIn } from './audit.ts'
import { computedAcceptance, deviation, missedDraws, termsOf } from './detection.ts'
import { serve } from './serve.ts'
import { openWorld, SMALL, type World } from './world.ts'

const SEEDS = 20
const DRAWS = 500
const DEVIATIONS = 4
const TIMEOUT_MS = 300_000

let room: AuditRoom
const worlds: World[] = []
beforeAll(async () => {
  room = await openAuditRoom()
  for (let seed = 1; seed <= SEEDS; seed++) worlds.push(await openWorld(SMALL, 100 + seed))
})
afterAll(() => room.close())

test('default: twenty honest runs pass, every segment', { timeout: TIMEOUT_MS }, async () => {
  for (const world of worlds) {
    expect(wrongIn(await room.audit(world, await serve(world, world.honest)))).toEqual([])
  }
})

test.each([...trainingAttacks, ...claimAttacks])(
  'error: $name, twenty seeds',
  { timeout: TIMEOUT_MS },
  async (attack) => {
    let missed = 0
    let expected = 0
    let variance = 0
    for (const world of worlds) {
      const wrong = wrongIn(await room.audit(world, await serve(world, await attack.run(world))))
      expect(wrong).toEqual([...attack.wrong(world)].sort((a, b) => a - b))
      const terms = termsOf(world)
      const chance = computedAcceptance(terms, wrong)
      const own = missedDraws(terms, wrong, DRAWS, `${attack.name} ${world.seed}`)
      expect(Math.abs(deviation(own, DRAWS, chance))).toBeLessThan(DEVIATIONS)
      missed += own
      expected += DRAWS * chance
      variance += DRAWS * chance * (1 - chance)
    }
    expect(Math.abs(missed - expected)).toBeLessThanOrEqual(DEVIATIONS * Math.sqrt(variance))
  },
)

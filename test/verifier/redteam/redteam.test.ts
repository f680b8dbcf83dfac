import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { writeBundle } from '@trainyard/verifier/bundle/write.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimAttacks, trainingAttacks } from './attacks.ts'
import { type AuditRoom, openAuditRoom, wrongIn } from './audit.ts'
import { bundleOf } from './bundleOf.ts'
import { computedAcceptance, deviation, missedDraws, termsOf } from './detection.ts'
import { serve } from './serve.ts'
import { openWorld, SMALL, type World } from './world.ts'

const DRAWS = 300
/** Draws follow from fixed seeds, so a count this far off would be so every time, in one of 15,000 suites by chance. */
const DEVIATIONS = 4

let room: AuditRoom
let world: World
const dir = mkdtempSync(join(tmpdir(), 'trainyard-redteam-'))
beforeAll(async () => {
  room = await openAuditRoom()
  world = await openWorld(SMALL, 1)
})
afterAll(async () => {
  await room.close()
  rmSync(dir, { recursive: true })
})

test('default: an honest run passes, segment by segment and as a bundle', async () => {
  const served = await serve(world, world.honest)
  expect(wrongIn(await room.audit(world, served))).toEqual([])
  writeBundle(join(dir, 'honest'), await bundleOf(world, served))
  expect(await verifyBundle(join(dir, 'honest'))).toMatchObject({ verdict: 'valid', segments: 40 })
})

test.each([...trainingAttacks, ...claimAttacks])('error: $name', async (attack) => {
  const served = await serve(world, await attack.run(world))
  const wrong = wrongIn(await room.audit(world, served))
  expect(wrong).toEqual([...attack.wrong(world)].sort((a, b) => a - b))

  const terms = termsOf(world)
  const missed = missedDraws(terms, wrong, DRAWS, attack.name)
  expect(Math.abs(deviation(missed, DRAWS, computedAcceptance(terms, wrong)))).toBeLessThan(DEVIATIONS)

  const bundle = join(dir, attack.name)
  writeBundle(bundle, await bundleOf(world, served))
  const { verdict, checks } = await verifyBundle(bundle)
  expect(checks.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(attack.failedBy)
  expect(verdict).toBe('invalid')
})

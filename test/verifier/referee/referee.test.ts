import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Undecidable } from '@trainyard/verifier/bundle/blocked.ts'
import { writeBundle } from '@trainyard/verifier/bundle/write.ts'
import { refereeCommand } from '@trainyard/verifier/referee/command.ts'
import { referee } from '@trainyard/verifier/referee/referee.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { flipByte, tamperBundle } from '../../helpers/tamperBundle.ts'
import type { Run } from '../redteam/attack.ts'
import { claimedLosses, unchained } from '../redteam/attacks/badLeaves.ts'
import { oldModel } from '../redteam/attacks/oldModel.ts'
import { oneBit, onePoisonedSegment } from '../redteam/attacks/poisonedSegments.ts'
import { skipSteps } from '../redteam/attacks/skipSteps.ts'
import { wrongRate } from '../redteam/attacks/wrongRate.ts'
import { bundleOf } from '../redteam/bundleOf.ts'
import { serve } from '../redteam/serve.ts'
import { openWorld, SMALL, type World } from '../redteam/world.ts'

const dir = mkdtempSync(join(tmpdir(), 'trainyard-referee-'))
let world: World
beforeAll(async () => {
  world = await openWorld(SMALL, 9)
  await bundle('honest', () => world.honest)
})
afterAll(() => rmSync(dir, { recursive: true }))

const at = (name: string) => join(dir, name)
async function bundle(name: string, run: (world: World) => Run | Promise<Run>, of = world): Promise<string> {
  writeBundle(at(name), await bundleOf(of, await serve(of, await run(of))))
  return at(name)
}
const judged = (a: string, b: string) => referee({ a: at(a), b: at(b) }, undefined)

test('default: two honest runs agree', async () => {
  expect(await judged('honest', 'honest')).toEqual({
    word: 'agree',
    compared: 40,
    segments: { a: 40, b: 40 },
    divergence: null,
    reasons: [],
  })
})

test.each([
  [wrongRate, 0, ['stateRootAfter', 'innerRoot']],
  [onePoisonedSegment, undefined, ['stateRootAfter', 'innerRoot']],
  [oneBit, undefined, ['stateRootAfter']],
  [claimedLosses, undefined, ['innerRoot']],
] as const)(
  'error: the cheat of the two is named, whichever place it has: %o',
  async (attack, first, claims) => {
    await bundle(attack.name, attack.run)
    const segment = first ?? attack.wrong(world)[0]!
    const window = Math.floor(segment / SMALL.segmentsPerWindow)
    const honest = world.honest.segments[segment]!
    const divergence = {
      segment,
      window,
      claims,
      replayed: { stateRoot: honest.stateRoot, innerRoot: honest.innerRoot },
    }
    expect(await judged('honest', attack.name)).toMatchObject({ word: 'b-wrong', divergence })
    expect(await judged(attack.name, 'honest')).toMatchObject({ word: 'a-wrong', divergence })
  },
)

test('error: one that begins with other weights than the job’s', async () => {
  await bundle('old', oldModel.run)
  expect(await judged('honest', 'old')).toMatchObject({
    word: 'b-wrong',
    divergence: { segment: 0, claims: expect.arrayContaining(['stateRootBefore']), replayed: null },
  })
})

test('error: two cheats that differ are both wrong', async () => {
  await bundle('rate', wrongRate.run)
  await bundle('poison', onePoisonedSegment.run)
  expect(await judged('rate', 'rate')).toMatchObject({ word: 'agree' }) // two who collude are not found out
  expect(await judged('rate', 'poison')).toMatchObject({ word: 'a-wrong', divergence: { segment: 0 } })
  await bundle('skipped', skipSteps.run)
  expect(await judged('rate', 'skipped')).toMatchObject({ word: 'both-wrong', divergence: { segment: 0 } })
})

test('error: one that contradicts itself is wrong without a replay', async () => {
  await bundle('unchained', unchained.run)
  const { word, reasons, divergence } = await judged('unchained', 'honest')
  expect({ word, divergence }).toEqual({ word: 'a-wrong', divergence: null })
  expect(reasons[0]).toMatch(/^A fails leaf-chain: /)
  const flipped = await bundle('flipped', () => world.honest)
  tamperBundle(flipped, { 'windows/1.json': (bytes) => flipByte(bytes, -10) })
  expect(await judged('honest', 'flipped')).toMatchObject({ word: 'b-wrong' })
})

test('error: two jobs, or two schedules of randomness, cannot be compared', async () => {
  const other = await openWorld({ ...SMALL, learningRate: 0.04 }, 9)
  await bundle('job', () => other.honest, other)
  await expect(judged('honest', 'job')).rejects.toThrow(Undecidable)
  const order = await openWorld(SMALL, 9, '8')
  await bundle('order', () => order.honest, order)
  await expect(judged('honest', 'order')).rejects.toThrow(/another seed/)
})

test('default: the command says who is wrong, and exits so', async () => {
  await bundle('bit', oneBit.run)
  const run = async (...args: string[]) => {
    const said: string[] = []
    const exits: string[] = []
    const rim = { say: (text: string) => said.push(text), exitWith: (verdict: string) => exits.push(verdict) }
    await refereeCommand(rim).parseAsync(['node', 'referee', ...args])
    return { said: said[0]!, exit: exits[0] }
  }
  expect(await run(at('honest'), at('honest'))).toEqual({
    said: '40 segments compared\nA and B agree',
    exit: 'valid',
  })
  const { said, exit } = await run(at('honest'), at('bit'))
  expect(said).toMatch(/^they part in segment \d+ \(window \d\): stateRootAfter\nB is wrong$/)
  expect(exit).toBe('invalid')
  expect(JSON.parse((await run(at('bit'), at('honest'), '--json')).said)).toMatchObject({ word: 'a-wrong' })
})

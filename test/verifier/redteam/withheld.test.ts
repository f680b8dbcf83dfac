import { id } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawSegments } from '../../helpers/drawSegments.ts'
import { type AuditRoom, openAuditRoom, wrongIn } from './audit.ts'
import { termsOf } from './detection.ts'
import { type Served, serve } from './serve.ts'
import { openWorld, SMALL, type World } from './world.ts'

const DRAWS = 12
const WINDOW = 2

let room: AuditRoom
let world: World
let honest: Served
beforeAll(async () => {
  room = await openAuditRoom()
  world = await openWorld(SMALL, 3)
  honest = await serve(world, world.honest)
})
afterAll(() => room.close())

const stepsPerWindow = SMALL.stepsPerSegment * SMALL.segmentsPerWindow
const withholding = (isHidden: (step: number) => boolean): Served => ({
  ...honest,
  checkpoint: (step) => (isHidden(step) ? undefined : honest.checkpoint(step)),
})

test('behavior: what follows from a window’s first checkpoint may be withheld', async () => {
  const served = withholding((step) => step % stepsPerWindow !== 0)
  for (const segment of [1, 19, 25]) expect(await room.audit(world, served, [segment])).toEqual(['pass'])
})

test('error: a window whose checkpoints are withheld is unavailable in every draw that cannot do without', async () => {
  const first = WINDOW * SMALL.segmentsPerWindow
  const served = withholding((step) => Math.floor(step / stepsPerWindow) === WINDOW)
  const counts = { refused: 0, recomputed: 0 }
  for (let i = 0; i < DRAWS; i++) {
    const drawn = drawSegments(termsOf(world), id(`withheld ${i}`))
    const refused = wrongIn(await room.audit(world, served, drawn)).map((at) => drawn[at]!)
    const hidden = drawn.filter((s) => Math.floor(s / SMALL.segmentsPerWindow) === WINDOW)
    // The end of the segment before the window is its first state: an auditor that replayed it needs no seller.
    expect(refused).toEqual(drawn.includes(first - 1) ? [] : hidden)
    counts[refused.length > 0 ? 'refused' : 'recomputed']++
  }
  expect(counts.refused).toBeGreaterThan(0)
  expect(counts.recomputed).toBeGreaterThan(0)
})

test('error: withheld evidence of one window is unavailable in every draw', async () => {
  const content = new Map([...honest.content].filter(([cid]) => cid !== honest.windows[WINDOW]!.evidence))
  for (let i = 0; i < 5; i++) {
    const drawn = drawSegments(termsOf(world), id(`evidence ${i}`))
    const refused = wrongIn(await room.audit(world, { ...honest, content }, drawn)).map((at) => drawn[at]!)
    const hidden = drawn.filter((s) => Math.floor(s / SMALL.segmentsPerWindow) === WINDOW)
    expect(refused).toEqual([...hidden, SMALL.segments - 1])
  }
})

/** Drawn segments that an auditor can run without the seller: window 0 follows from the job, and each from the last. */
function withoutSeller(drawn: readonly number[]): number[] {
  const windowOf = (segment: number) => Math.floor(segment / SMALL.segmentsPerWindow)
  let reach = 0
  while (drawn.includes((reach + 1) * SMALL.segmentsPerWindow - 1)) reach++
  return drawn.filter((segment) => windowOf(segment) <= reach)
}

test('error: checkpoints of another state are as good as none', async () => {
  const served = { ...honest, checkpoint: (step: number) => honest.checkpoint(step === 0 ? 0 : step - 4) }
  expect(await room.audit(world, served, [0, 7, 17, 39])).toEqual([
    'pass',
    'pass',
    'unavailable',
    'unavailable',
  ])
})

test('error: served to friends only, all others say unavailable of what does not follow from the job', async () => {
  for (let i = 0; i < 5; i++) {
    const drawn = drawSegments(termsOf(world), id(`friends ${i}`))
    const friend = await room.audit(world, honest, drawn)
    expect(new Set(friend)).toEqual(new Set(['pass']))
    const stranger = await room.audit(
      world,
      withholding(() => true),
      drawn,
    )
    const refused = wrongIn(stranger).map((at) => drawn[at]!)
    const free = withoutSeller(drawn)
    expect(refused).toEqual(drawn.filter((segment) => !free.includes(segment)))
    expect(refused).toContain(SMALL.segments - 1)
  }
})

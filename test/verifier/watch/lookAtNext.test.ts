import { lookAtNext, type NextWatch } from '@trainyard/verifier/watch/lookAtNext.ts'
import { NotYet } from '@trainyard/verifier/watch/NotYet.ts'
import type { NextSegment } from '@trainyard/verifier/watch/replayNext.ts'
import { expect, test } from 'vitest'

const STATE: NextSegment = { kind: 'state', segment: 2, root: '0x01', inner: [] }
const fresh = (): NextWatch => ({ next: undefined })
const never = () => new Promise<NextSegment>(() => {})

test('behavior: a replay that does not end is looked at again, and called stalled at the last look alone', async () => {
  const [early, late] = [fresh(), fresh()]
  let starts = 0
  const start = () => {
    starts++
    return never()
  }
  const looks = [lookAtNext(early, undefined, start), lookAtNext(late, 10, start)]
  expect(await Promise.all(looks)).toEqual([undefined, { kind: 'stalled' }])
  const going = early.next
  expect(await lookAtNext(early, 10, start)).toEqual({ kind: 'stalled' })
  expect([early.next === going, starts]).toEqual([true, 2])
})

test('behavior: what it came to between two looks is found, whichever look it is', async () => {
  const { promise, resolve } = Promise.withResolvers<NextSegment>()
  const watch = fresh()
  const first = lookAtNext(watch, undefined, () => promise)
  resolve(STATE)
  expect(await first).toEqual(STATE)
  expect(await lookAtNext(watch, 2_000, never)).toEqual(STATE)
})

test('behavior: a state that is not served is asked for again, and missed at the last look', async () => {
  const answers: NextSegment[] = [{ kind: 'unavailable' }, STATE]
  const watch = fresh()
  const start = async () => answers.shift()!
  expect(await lookAtNext(watch, undefined, start)).toBeUndefined()
  expect(await lookAtNext(watch, undefined, start)).toEqual(STATE)
  expect(await lookAtNext(fresh(), 2_000, async () => ({ kind: 'unavailable' }))).toEqual({
    kind: 'unavailable',
  })
})

test('error: what fails, also between two looks, is told once and begun anew', async () => {
  const watch = fresh()
  const failing = async () => {
    throw new NotYet('no image here')
  }
  await expect(lookAtNext(watch, undefined, failing)).rejects.toThrow(NotYet)
  watch.next = failing()
  watch.next.catch(() => {})
  await expect(lookAtNext(watch, 2_000, async () => STATE)).rejects.toThrow('no image here')
  expect(await lookAtNext(watch, 2_000, async () => STATE)).toEqual(STATE)
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createHead } from '../../../client/src/chain/createHead.ts'

const NOON_S = 1_800_000_000
const HOUR_MS = 3_600_000
beforeEach(() => void vi.useFakeTimers({ now: NOON_S * 1000 }))
afterEach(() => void vi.useRealTimers())

/** A head that has seen one block appear, now. */
function moving(timestamp = NOON_S) {
  const head = createHead()
  head.announce({ number: 1, timestamp: timestamp - 12 })
  head.announce({ number: 2, timestamp })
  return head
}

test("default: the chain's time is this machine's", () => {
  const head = moving(NOON_S - 8)
  vi.advanceTimersByTime(5_000)
  expect(head.nowMs()).toBe(NOON_S * 1000 + 5_000)
})

test('behavior: a clock that is set while the daemon runs does not move the time of deadlines', () => {
  for (const jumpMs of [26 * HOUR_MS, -26 * HOUR_MS]) {
    vi.setSystemTime(NOON_S * 1000)
    const head = moving()
    vi.advanceTimersByTime(5_000)
    vi.setSystemTime(NOON_S * 1000 + jumpMs)
    expect(head.nowMs()).toBe(NOON_S * 1000 + 5_000)
  }
})

test('behavior: a chain that was warped ahead is followed, one that is merely quiet is not behind', () => {
  expect(moving(NOON_S + 7_200).nowMs()).toBe((NOON_S + 7_200) * 1000)
  const quiet = createHead()
  quiet.announce({ number: 5, timestamp: NOON_S - 7_200 })
  expect(quiet.nowMs()).toBe(NOON_S * 1000)
})

test('edge: time is whole milliseconds, as timers take it', () => {
  const head = moving(NOON_S + 7_200)
  using _clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1.75)
  expect(head.nowMs()).toBe((NOON_S + 7_200) * 1000 + 1)
})

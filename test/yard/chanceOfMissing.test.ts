import { expect, test } from 'vitest'
import { chanceOfMissing, type DrawnWindow, spreadEvenly } from '../../yard/src/report/chanceOfMissing.ts'

/** The definition itself: of all ways to draw, the share that meets no fake. */
function byCounting(windows: DrawnWindow[], faked: number[]): number {
  const ways = (from: number, take: number): number => {
    if (take === 0) return 1
    return from < take ? 0 : ways(from - 1, take - 1) + ways(from - 1, take)
  }
  return windows.reduce((chance, { segments, draws }, w) => {
    return (chance * ways(segments - faked[w]!, draws)) / ways(segments, draws)
  }, 1)
}

const windows = [
  { segments: 5, draws: 1 },
  { segments: 5, draws: 2 },
  { segments: 3, draws: 1 },
]

test.each([[[0, 0, 0]], [[1, 0, 0]], [[1, 2, 1]], [[2, 4, 0]], [[5, 5, 3]]])(
  'behavior: equals the share of draws without a fake, %j',
  (faked) => {
    expect(chanceOfMissing(windows, faked)).toBeCloseTo(byCounting(windows, faked), 12)
  },
)

test('behavior: no fake is never caught, all fakes always', () => {
  expect(chanceOfMissing(windows, [0, 0, 0])).toBe(1)
  expect(chanceOfMissing(windows, [5, 5, 3])).toBe(0)
})

test('behavior: fakes are spread over the windows in proportion and none is lost', () => {
  for (let faked = 0; faked <= 13; faked += 1) {
    const spread = spreadEvenly(windows, faked)
    expect(spread.reduce((sum, n) => sum + n, 0)).toBe(faked)
    spread.forEach((n, w) => {
      expect(Math.abs(n - (faked * windows[w]!.segments) / 13)).toBeLessThanOrEqual(1)
    })
  }
})

import { rangesOf } from '@trainyard/verifier/screens/rangesOf.ts'
import {
  fisherCombined,
  ksDistance,
  ksFromUniform,
  mannWhitney,
  median,
  upperTail,
} from '@trainyard/verifier/screens/statistics.ts'
import { expect, test } from 'vitest'

test('default: Kolmogorov-Smirnov distances by hand', () => {
  expect(ksDistance([1, 2, 3, 4], [1, 2, 3, 4])).toBe(0)
  expect(ksDistance([1, 2, 3, 4], [3, 4, 5, 6])).toBe(0.5)
  expect(ksDistance([1, 1, 2], [5, 6])).toBe(1)
  expect(ksDistance([1, Number.NaN], [1, 2])).toBe(1)
  expect(ksFromUniform([-0.5, 0.5], 1)).toBe(0.25)
  expect(ksFromUniform([3, 3], 1)).toBe(1)
})

test('default: p-values as tables have them', () => {
  expect(upperTail(1.959964)).toBeCloseTo(0.025, 6)
  expect(upperTail(-1.644854)).toBeCloseTo(0.95, 6)
  expect(fisherCombined([0.1, 0.2])).toBeCloseTo(0.02 * (1 - Math.log(0.02)), 12)
  expect(fisherCombined([0.3])).toBeCloseTo(0.3, 12)
  expect(fisherCombined([0])).toBeLessThan(1e-200)
})

test('default: Mann-Whitney by hand, with and without ties', () => {
  const [low, high] = [
    [1, 2, 3, 4, 5, 6, 7, 8],
    [9, 10, 11, 12, 13, 14, 15, 16],
  ]
  expect(mannWhitney(high, low)).toBeCloseTo(upperTail(31.5 / Math.sqrt((64 / 12) * 17)), 12)
  expect(mannWhitney(low, high)).toBeGreaterThan(0.999)
  expect(mannWhitney([1, 1, 1, 1], [1, 1, 1, 1])).toBe(1)
  // of four pairs three are won and one is a tie: U = 3.5
  expect(mannWhitney([2, 3], [1, 2])).toBeCloseTo(upperTail(1 / Math.sqrt((4 / 12) * (5 - 6 / 12))), 12)
})

test('default: medians and ranges', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
  expect(rangesOf([0, 1, 2, 5, 7, 8])).toBe('0 to 2, 5, 7 to 8')
})

import { exp32, floatOf, log32 } from '@trainyard/verifier/canonical/math.ts'
import { expect, test } from 'vitest'

/** Distance of a float32 from the true value, in units of its last place. */
function ulps(found: number, truth: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(truth)))
  return Math.abs(found - truth) / 2 ** (exponent - 23)
}

test('behavior: exp is within two units in the last place', () => {
  let worst = 0
  for (let i = 0; i <= 20_000; i++) {
    const x = Math.fround(-87 + (i * 174) / 20_000)
    worst = Math.max(worst, ulps(exp32(x), Math.exp(x)))
  }
  expect(worst).toBeLessThan(2)
})

test('behavior: log is within two units in the last place, away from 1', () => {
  let worst = 0
  for (let bits = 0x00800000; bits < 0x7f000000; bits += 99_991) {
    const x = floatOf(bits)
    if (Math.abs(x - 1) > 0.01) worst = Math.max(worst, ulps(log32(x), Math.log(x)))
  }
  expect(worst).toBeLessThan(2)
})

test('behavior: the ends of the range', () => {
  expect(exp32(0)).toBe(1)
  expect(exp32(-100)).toBe(0)
  expect(exp32(Number.NEGATIVE_INFINITY)).toBe(0)
  expect(exp32(89)).toBe(Number.POSITIVE_INFINITY)
  expect(log32(1)).toBe(0)
})

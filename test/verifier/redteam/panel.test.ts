import { expect, test } from 'vitest'
import { deviation } from './detection.ts'
import { chanceOfMajority, countMajorities } from './panel.ts'

const DRAWS = 2000

// Friends of a seller say pass whatever it did; enemies say fail. Which verdict a majority gives is tested with the
// contracts (test/contracts/proofs/auditOf.t.sol, testFuzz_outcomeIsTheMajoritys).
test.each([
  { seats: 10, friends: 2, size: 5 },
  { seats: 10, friends: 3, size: 5 },
  { seats: 10, friends: 5, size: 5 },
  { seats: 30, friends: 10, size: 5 },
  { seats: 100, friends: 10, size: 5 },
])('behavior: $friends friends in $seats seats have a panel of $size as often as computed', (panel) => {
  const { seats, friends, size } = panel
  const chance = chanceOfMajority(seats, friends, size)
  const count = countMajorities(seats, friends, size, DRAWS)
  expect(Math.abs(deviation(count, DRAWS, chance))).toBeLessThan(4)
})

test('behavior: fewer friends than half a panel never decide, a whole class always does', () => {
  expect(chanceOfMajority(10, 2, 5)).toBe(0)
  expect(countMajorities(10, 2, 5, 200)).toBe(0)
  expect(chanceOfMajority(10, 10, 5)).toBeCloseTo(1, 12)
})

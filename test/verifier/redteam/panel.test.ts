import { expect, test } from 'vitest'
import { deviation } from './detection.ts'
import { auditorsOf, chanceOfFriendsOnly, countFriendsOnly } from './panel.ts'

const DRAWS = 2000
const AS_DEFAULT = { size: 5, drawn: 12 }

// Friends of a seller say pass whatever it did. What a pass takes is tested with the contracts (test/contracts/proofs/auditOf.t.sol,
// testFuzz_passesWhatAllAssignedToItPassed), who has what in VerdictLib.t.sol.
test.each([
  { seats: 10, friends: 2 },
  { seats: 10, friends: 3 },
  { seats: 10, friends: 5 },
  { seats: 30, friends: 10 },
  { seats: 100, friends: 10 },
])(
  'behavior: $friends friends in $seats seats have a wrong segment to themselves as often as computed',
  (class_) => {
    const chance = chanceOfFriendsOnly(class_.seats, class_.friends)
    const count = countFriendsOnly({ ...class_, ...AS_DEFAULT }, DRAWS)
    expect(Math.abs(deviation(count, DRAWS, chance))).toBeLessThan(4)
  },
)

test('default: members take turns along the list, and have every third segment with the next one', () => {
  const panel = [0, 1, 2, 3, 4]
  const who = Array.from({ length: 6 }, (_, position) => auditorsOf(position, panel))
  expect(who).toEqual([[0, 1], [2], [3], [4, 0], [1], [2]])
  expect(chanceOfFriendsOnly(10, 10)).toBeCloseTo(1, 12)
  expect(chanceOfFriendsOnly(10, 0)).toBe(0)
})

import { packVerdicts, type VerdictName } from '@trainyard/contracts/verdictCommitment.ts'
import { unservedOf } from '@trainyard/verifier/watch/unserved.ts'
import { expect, test } from 'vitest'

/** Of positions 0 and 2, segments 9 and 4. */
const word = (first: VerdictName, second: VerdictName) => packVerdicts([first, 'none', second])
const record = (verdicts: bigint) => ({ segments: [9, 4], positions: [0, 2], verdicts })
const said = (...words: bigint[]) => words.map((verdicts, i) => ({ auditor: `auditor${i}`, verdicts }))
const panel = (...words: bigint[]) => ({ members: words.length, said: said(...words) })
const [lost, had, mixed] = [
  word('unavailable', 'unavailable'),
  word('pass', 'pass'),
  word('pass', 'unavailable'),
]

test('default: the lowest segment that two thirds of the panel were not served, with those who say so', () => {
  expect(unservedOf(record(lost), panel(had, lost, lost))).toEqual({
    segment: 4,
    by: ['auditor1', 'auditor2'],
  })
  expect(unservedOf(record(lost), panel(lost))).toEqual({ segment: 4, by: ['auditor0'] })
})

test('behavior: what more than a third of the panel was served, or this auditor itself, is not challenged', () => {
  expect(unservedOf(record(lost), panel(had, lost, had, lost, lost))).toBeUndefined()
  expect(unservedOf(record(had), panel(lost, lost, lost))).toBeUndefined()
  expect(unservedOf(record(lost), panel(had, lost, lost, mixed))?.segment).toBe(4)
  expect(unservedOf(record(lost), panel(lost, word('fail', 'pass')))).toBeUndefined()
})

test('error: the first of a panel to reveal is not right by its own word', () => {
  expect(unservedOf(record(lost), { members: 10, said: said(lost) })).toBeUndefined()
  const six = said(lost, lost, lost, lost, lost, lost)
  expect(unservedOf(record(lost), { members: 10, said: six })).toBeUndefined()
  const seven = { members: 10, said: said(lost, lost, lost, lost, lost, lost, lost) }
  expect(unservedOf(record(lost), seven)?.by).toHaveLength(7)
})

import { comparePair } from '@trainyard/verifier/referee/comparePair.ts'
import { expect, test } from 'vitest'

const windows = (...roots: string[]) => roots.map((lastStateRoot) => ({ segments: 3, lastStateRoot }))

test('default: as far as both have opened', () => {
  expect(comparePair(windows('a', 'b', 'c'), windows('a', 'b'))).toEqual({ compared: 2, differsFrom: null })
  expect(comparePair([], windows('a'))).toEqual({ compared: 0, differsFrom: null })
})

test('error: another state, or another length', () => {
  expect(comparePair(windows('a', 'b', 'x'), windows('a', 'c', 'x'))).toEqual({ compared: 3, differsFrom: 1 })
  const short = [{ segments: 2, lastStateRoot: 'a' }]
  expect(comparePair(windows('a'), short)).toEqual({ compared: 1, differsFrom: 0 })
})

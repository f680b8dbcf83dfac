import { expect, test } from 'vitest'
import { countForge, countVitest } from '../../scripts/testCounts.ts'

const forge = (status: string) =>
  JSON.stringify({ 'A.t.sol:A': { test_results: { 'test_x()': { status, reason: 'why' } } } })

const vitest = (status: string, assertions: string[]) =>
  JSON.stringify({
    testResults: [
      { name: 'a.test.ts', status, assertionResults: assertions.map((s) => ({ fullName: 'x', status: s })) },
    ],
  })

test('default', () => {
  expect(countForge(0, forge('Success'))).toEqual({ passed: 1, failed: [], skipped: [], again: [] })
  expect(countVitest('unit', 0, vitest('passed', ['passed', 'skipped']))).toEqual({
    passed: 1,
    failed: [],
    skipped: ['x'],
    again: [],
  })
})

test('behavior: a test that passed at the second try is named', () => {
  const assertionResults = [
    { fullName: 'steady', status: 'passed', failureMessages: [] },
    { fullName: 'flaky', status: 'passed', failureMessages: ['expected 1 to be 2'] },
    { fullName: 'broken', status: 'failed', failureMessages: ['expected 1 to be 2'] },
  ]
  const report = JSON.stringify({ testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults }] })
  expect(countVitest('unit', 1, report)).toEqual({
    ...{ passed: 2, failed: ['broken'], skipped: [], again: ['flaky'] },
  })
})

test('behavior: a failed test is named', () => {
  expect(countForge(1, forge('Failure')).failed).toEqual(['A.t.sol:A test_x(): why'])
  expect(countVitest('unit', 1, vitest('failed', ['failed'])).failed).toEqual(['x'])
})

test('behavior: a runner that fails without a failed test is a failure', () => {
  expect(countForge(1, forge('Success')).failed).toHaveLength(1)
  expect(countForge(1, 'Compiler error').failed).toHaveLength(1)
  expect(countVitest('unit', 1, vitest('passed', ['passed'])).failed).toHaveLength(1)
  expect(countVitest('unit', 1, vitest('failed', [])).failed).toEqual(['a.test.ts'])
})

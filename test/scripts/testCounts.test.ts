import { expect, test } from 'vitest'
import { countForge, countVitest, firstLines, longestFiles } from '../../scripts/testCounts.ts'

const forge = (status: string) =>
  JSON.stringify({ 'A.t.sol:A': { test_results: { 'test_x()': { status, reason: 'why' } } } })

const why = (message: string) => ({ message, stack: '', diff: '' })
const file = { name: 'a.test.ts', ms: 1_000, errors: [], tests: [] }

const vitest = (...statuses: string[]) =>
  JSON.stringify({
    files: [{ ...file, tests: statuses.map((status) => ({ name: 'x', status, errors: [] })) }],
    unhandled: [],
  })

test('default', () => {
  expect(countForge(0, forge('Success'), '')).toEqual({ passed: 1, failed: [], skipped: [], again: [] })
  expect(countVitest('unit', 0, vitest('passed', 'skipped'))).toEqual({
    passed: 1,
    failed: [],
    skipped: ['x'],
    again: [],
  })
})

test('behavior: a failed test tells why, after two tries for both; one that passed at the second is named', () => {
  const tests = [
    { name: 'steady', status: 'passed', errors: [] },
    { name: 'flaky', status: 'passed', errors: [why('no answer')] },
    { name: 'broken', status: 'failed', errors: [why('first reason'), why('second reason')] },
  ]
  const report = JSON.stringify({ files: [{ ...file, tests }], unhandled: [] })
  expect(countVitest('unit', 1, report)).toEqual({
    passed: 2,
    failed: [{ name: 'broken', why: ['first reason', 'second reason'] }],
    skipped: [],
    again: [{ name: 'flaky', why: ['no answer'] }],
  })
  expect(countForge(1, forge('Failure'), '').failed).toEqual([{ name: 'A.t.sol:A test_x()', why: ['why'] }])
})

test('behavior: of what was wrong the lines that differ are told, and where in this repository', () => {
  const error = {
    message: 'expected { a: 1 } to deeply equal { a: 2 }',
    diff: '- Expected\n+ Received\n\n  {\n\u001b[32m-   "a": 2\u001b[39m\n\u001b[31m+   "a": 1\u001b[39m\n  }',
    stack:
      'Error: x\n    at f (/yard/node_modules/vitest/a.js:1:1)\n    at /yard/test/a.test.ts:3:5\n    at b',
  }
  const tests = [{ name: 'x', status: 'failed', errors: [error] }]
  expect(
    countVitest('unit', 1, JSON.stringify({ files: [{ ...file, tests }], unhandled: [] })).failed,
  ).toEqual([{ name: 'x', why: [error.message, '-   "a": 2', '+   "a": 1', 'at /yard/test/a.test.ts:3:5'] }])
})

test('behavior: a runner that fails without a failed test is a failure, and tells what it said', () => {
  expect(countForge(1, forge('Success'), 'killed').failed).toEqual([
    { name: 'forge exited with 1', why: ['killed'] },
  ])
  expect(countForge(1, '', 'Compiler error\n\nline 1').failed[0]?.why).toEqual(['Compiler error', 'line 1'])
  expect(countVitest('unit', 1, vitest('passed')).failed).toHaveLength(1)
  const unhandled = JSON.stringify({ files: [], unhandled: [why('late')] })
  expect(countVitest('unit', 1, unhandled).failed).toEqual([
    { name: 'unit: outside of any test', why: ['late'] },
  ])
})

test('behavior: a file that cannot be loaded, or whose hook fails, is a failure', () => {
  const broken = { ...file, errors: [why('no such module')], tests: [] }
  const report = JSON.stringify({ files: [broken], unhandled: [] })
  expect(countVitest('unit', 1, report).failed).toEqual([{ name: 'a.test.ts', why: ['no such module'] }])
})

test('behavior: the longest files come first', () => {
  const files = [1_400, 90_000, 3_000].map((ms) => ({ ...file, name: `${ms}`, ms }))
  expect(longestFiles(JSON.stringify({ files, unhandled: [] }), 2)).toEqual([
    { name: '90000', seconds: 90 },
    { name: '3000', seconds: 3 },
  ])
})

test('behavior: lines are few, short and without colours', () => {
  const text = `\u001b[31mred\u001b[39m\n\n${'x'.repeat(1_000)}\nthird\nfourth`
  expect(firstLines(text)).toEqual(['red', 'x'.repeat(300), 'third'])
})

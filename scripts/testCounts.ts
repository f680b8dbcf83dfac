import { stripVTControlCharacters } from 'node:util'

/** A test that did not pass at once, and the first lines of why; of both reasons where it failed twice. */
export type Failure = { name: string; why: string[] }
/** What a test runner reported: how many passed, and which failed, were skipped, or passed at a second try, by name. */
export type Count = { passed: number; failed: Failure[]; skipped: string[]; again: Failure[] }

type ForgeReport = Record<string, { test_results: Record<string, { status: string; reason: string | null }> }>
export type TestError = { message: string; stack: string; diff: string }
/** A test that passed although there are errors failed first and was run again (vitest's `retry`). */
type Test = { name: string; status: string; errors: TestError[] }
/** What testReporter.ts writes. A file's own errors: it could not be loaded, or a hook failed. */
export type VitestReport = {
  files: { name: string; ms: number; errors: TestError[]; tests: Test[] }[]
  unhandled: TestError[]
}

const LINES = 3
const LINE_CHARACTERS = 300

/** Counts `forge test --json`. A run that printed no report, or exited non-zero with none failed, is one failure. */
export function countForge(exitCode: number | null, stdout: string, stderr: string): Count {
  const count: Count = { passed: 0, failed: [], skipped: [], again: [] }
  const start = stdout.indexOf('{')
  if (start < 0) {
    const name = `forge gave no report (exit code ${exitCode})`
    return { ...count, failed: [{ name, why: firstLines(`${stderr}\n${stdout}`) }] }
  }
  for (const [suite, { test_results }] of Object.entries(JSON.parse(stdout.slice(start)) as ForgeReport)) {
    for (const [test, { status, reason }] of Object.entries(test_results)) {
      const name = `${suite} ${test}`
      if (status === 'Success') count.passed += 1
      else if (status === 'Skipped') count.skipped.push(name)
      else count.failed.push({ name, why: firstLines(reason ?? 'no reason given') })
    }
  }
  return orExitCode(count, 'forge', exitCode, firstLines(stderr))
}

/** Counts what testReporter.ts wrote. A file that failed to load, or whose hook failed, counts as one failure. */
export function countVitest(name: string, exitCode: number | null, json: string): Count {
  const count: Count = { passed: 0, failed: [], skipped: [], again: [] }
  const { files, unhandled } = JSON.parse(json) as VitestReport
  for (const file of files) {
    if (file.errors.length > 0) count.failed.push({ name: file.name, why: file.errors.flatMap(whyOf) })
    for (const { name: test, status, errors } of file.tests) {
      const failure = { name: test, why: errors.flatMap(whyOf) }
      if (status === 'passed' && errors.length > 0) count.again.push(failure)
      if (status === 'passed') count.passed += 1
      else if (status === 'failed') count.failed.push(failure)
      else count.skipped.push(test)
    }
  }
  for (const error of unhandled)
    count.failed.push({ name: `${name}: outside of any test`, why: whyOf(error) })
  return orExitCode(count, name, exitCode, [])
}

/** The files that took longest, hooks and loading included. */
export function longestFiles(json: string, howMany: number): { name: string; seconds: number }[] {
  const { files } = JSON.parse(json) as VitestReport
  const longest = files.sort((a, b) => b.ms - a.ms).slice(0, howMany)
  return longest.map(({ name, ms }) => ({ name, seconds: Math.round(ms / 1000) }))
}

/** The first lines that say something, without colours, each cut where it is long. */
export function firstLines(text: string): string[] {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines.slice(0, LINES).map((line) => line.slice(0, LINE_CHARACTERS))
}

/** What it says, what differed, and where in this repository. */
function whyOf({ message, stack, diff }: TestError): string[] {
  const changed = stripVTControlCharacters(diff)
    .split('\n')
    .filter((line) => /^[-+] /.test(line) && !/^(- Expected|\+ Received)/.test(line))
  const at = stack.split('\n').find((line) => /^\s+at /.test(line) && !/node_modules|node:/.test(line))
  return [...firstLines(message), ...firstLines(changed.join('\n')), ...firstLines(at?.trim() ?? '')]
}

function orExitCode(count: Count, name: string, exitCode: number | null, why: string[]): Count {
  if (exitCode === 0 || count.failed.length > 0) return count
  return { ...count, failed: [{ name: `${name} exited with ${exitCode}`, why }] }
}

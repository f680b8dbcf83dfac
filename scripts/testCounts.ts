/** What a test runner reported: how many passed, and which failed, were skipped, or passed at a second try, by name. */
export type Count = { passed: number; failed: string[]; skipped: string[]; again: string[] }

type ForgeReport = Record<string, { test_results: Record<string, { status: string; reason: string | null }> }>
/** A test that passed although there are messages failed first and was run again (vitest's `retry`). */
type Assertion = { fullName: string; status: string; failureMessages?: string[] }
type VitestReport = {
  testResults: { name: string; status: string; assertionResults: Assertion[] }[]
}

/** Counts `forge test --json`. A run that printed no report, or exited non-zero with none failed, is one failure. */
export function countForge(exitCode: number | null, stdout: string): Count {
  const count: Count = { passed: 0, failed: [], skipped: [], again: [] }
  const start = stdout.indexOf('{')
  if (start < 0) return { ...count, failed: [`forge gave no report (exit code ${exitCode})`] }
  for (const [suite, { test_results }] of Object.entries(JSON.parse(stdout.slice(start)) as ForgeReport)) {
    for (const [test, { status, reason }] of Object.entries(test_results)) {
      if (status === 'Success') count.passed += 1
      else if (status === 'Skipped') count.skipped.push(`${suite} ${test}`)
      else count.failed.push(`${suite} ${test}: ${reason}`)
    }
  }
  return orExitCode(count, 'forge', exitCode)
}

/** Counts vitest's JSON report. A file that failed to load counts as one failure. */
export function countVitest(name: string, exitCode: number | null, json: string): Count {
  const count: Count = { passed: 0, failed: [], skipped: [], again: [] }
  for (const file of (JSON.parse(json) as VitestReport).testResults) {
    if (file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'))
      count.failed.push(file.name)
    for (const { fullName, status, failureMessages = [] } of file.assertionResults) {
      if (status === 'passed' && failureMessages.length > 0) count.again.push(fullName)
      if (status === 'passed') count.passed += 1
      else if (status === 'failed') count.failed.push(fullName)
      else count.skipped.push(fullName)
    }
  }
  return orExitCode(count, name, exitCode)
}

function orExitCode(count: Count, name: string, exitCode: number | null): Count {
  if (exitCode === 0 || count.failed.length > 0) return count
  return { ...count, failed: [`${name} exited with ${exitCode}`] }
}

import type { CheckStatus, Verdict } from './verdict.ts'

const MARKS: Record<CheckStatus, string> = {
  pass: 'ok',
  fail: 'FAILED',
  undecided: 'undecided',
  blocked: 'blocked',
  'not-compared': '-',
}

/** A verdict as lines for people. */
export function printVerdict(verdict: Verdict): string {
  const lines = verdict.checks.map(({ id, status, detail }) => {
    return `${id.padEnd(20)}${MARKS[status]}${detail ? `: ${detail}` : ''}`
  })
  const { segments, steps, accuracy } = verdict
  if (segments !== null) lines.push('', `${segments} segments, ${steps} steps`)
  if (accuracy !== null) lines.push(`held-out accuracy ${(100 * accuracy).toFixed(2)} %`)
  lines.push(verdict.verdict)
  return lines.join('\n')
}

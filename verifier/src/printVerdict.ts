import { rangesOf } from './screens/rangesOf.ts'
import { isFlagged } from './screens/screenRun.ts'
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
  const { segments, steps, accuracy, screens, allPass } = verdict
  const odd = screens.filter(isFlagged)
  for (const { screen, statistic, threshold, segments: where } of odd) {
    const limit = `${statistic?.toPrecision(3)} above ${threshold}`
    lines.push(`screen ${screen.padEnd(21)}look at segments ${rangesOf(where)} (${limit}); no verdict`)
  }
  if (segments !== null) lines.push('', `${segments} segments, ${steps} steps`)
  if (accuracy !== null) lines.push(`held-out accuracy ${(100 * accuracy).toFixed(2)} %`)
  if (screens.length > 0 && odd.length === 0) lines.push(`${screens.length} screens: nothing odd`)
  if (allPass !== null)
    lines.push(allPass ? 'all drawn segments pass' : 'not all drawn segments pass: the run does not count')
  lines.push(verdict.verdict)
  return lines.join('\n')
}

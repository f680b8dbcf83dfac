import type { Check } from './checks/check.ts'
import { runDoctor } from './checks/runDoctor.ts'
import type { SellerOptions } from './options.ts'
import type { Rim } from './rim.ts'
import { writeBundle } from './support/writeBundle.ts'

const MARKS: Record<Check['status'], string> = {
  pass: 'ok  ',
  fail: 'FAIL',
  warn: 'warn',
  info: 'info',
  skip: 'skip',
}

/** Says how everything is that the daemon needs; exit code 1 if something of it cannot work. */
export async function doctorCommand(options: SellerOptions & { bundle?: string }, rim: Rim): Promise<void> {
  const diagnosis = await runDoctor(options.config, rim.env)
  const { checks } = diagnosis
  const failed = checks.filter(({ status }) => status === 'fail').length
  const bundle = options.bundle
  if (bundle !== undefined) await writeBundle(bundle, options.config, diagnosis)
  const lines = checks.flatMap(tellCheck)
  const last = failed === 0 ? 'Nothing failed.' : `${failed} failed.`
  const where = bundle === undefined ? '' : ` The support bundle is ${bundle}; read it before you send it.`
  rim
    .say(options)
    .answer({ ok: failed === 0, checks, ...(bundle ? { bundle } : {}) }, [...lines, last + where].join('\n'))
  rim.exitWith(failed === 0 ? 0 : 1)
}

/** A check in a line, and what to do in a second one. */
export function tellCheck({ status, title, actual, required, unit, remediation }: Check): string[] {
  const needs = required === null || status === 'pass' ? '' : ` (needed: ${required})`
  const line = `${MARKS[status]}  ${title}: ${actual}${unit === null ? '' : ` ${unit}`}${needs}`
  return remediation === null ? [line] : [line, `      ${remediation}`]
}

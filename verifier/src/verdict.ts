import type { ScreenResult } from './screens/screenRun.ts'

/** Checks in the order in which they are reported; README.md says in words what each proves. */
export const CHECK_IDS = [
  'manifest',
  'schema',
  'job-hash',
  'data',
  'init',
  'seeds',
  'leaf-chain',
  'window-root',
  'evidence-signature',
  'checkpoint',
  'batch',
  'rng',
  'replay',
  'inner',
  'model',
  'metrics',
  'progress',
  'chain',
] as const

export type CheckId = (typeof CHECK_IDS)[number]

/**
 * pass; fail: the bundle is wrong; undecided: this machine cannot tell; blocked: what the check needs is itself
 * wrong, see the check named; not-compared: not asked for.
 */
export type CheckStatus = 'pass' | 'fail' | 'undecided' | 'blocked' | 'not-compared'

export type CheckResult = { id: CheckId; status: CheckStatus; detail: string }

/** What `verify` found. Figures are null where a failed check keeps them from being known. */
export type Verdict = {
  verdict: 'valid' | 'invalid' | 'undecided'
  checks: CheckResult[]
  segments: number | null
  steps: number | null
  /** of the recomputed model on the held-out data; null for a run that did not reach its last step */
  accuracy: number | null
  /** cheap looks at the whole run, which decide nothing; empty where they cannot be had */
  screens: ScreenResult[]
  /** whether every drawn segment, run again, came to what is claimed; null where that is not known */
  allPass: boolean | null
}

/** Something a check found. A check without findings has passed. */
export type Finding = { status: 'fail' | 'undecided' | 'not-compared'; detail: string }

/** A finding that makes the bundle invalid. */
export function fail(detail: string): Finding {
  return { status: 'fail', detail }
}

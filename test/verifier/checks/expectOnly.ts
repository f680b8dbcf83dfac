import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import type { CheckId, CheckResult } from '@trainyard/verifier/verdict.ts'
import { expect } from 'vitest'

/** The bundle is invalid, and this check alone says so. */
export async function expectOnly(id: CheckId, dir: string): Promise<CheckResult> {
  const { verdict, checks } = await verifyBundle(dir)
  expect(checks.filter(({ status }) => status === 'fail').map((check) => check.id)).toEqual([id])
  expect(verdict).toBe('invalid')
  return checks.find((check) => check.id === id)!
}

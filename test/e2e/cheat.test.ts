import { expect, test } from 'vitest'
import type { YardResult } from '../../yard/src/report/yardResult.ts'
import { runYard, yardHome } from './runYard.ts'

test('behavior: a seller that skips every second segment is caught, not paid and slashed; drand draws panel and jury', async () => {
  using yard = yardHome()
  const run = await runYard(yard.home, ['--once', '--json', '--cheat', 'skip-steps', '--beacon', 'drand'])
  expect(run.code, run.stderr).toBe(3)
  const result = JSON.parse(run.stdout) as YardResult
  expect(result.order).toMatchObject({ status: 'Failed', closeReason: 'FRAUD_PROVED', paidWei: '0' })
  expect(BigInt(result.order.refundedWei)).toBeGreaterThanOrEqual(BigInt(result.order.escrowWei))
  expect(BigInt(result.order.slashedWei)).toBeGreaterThan(0n)
  // the last segment is always drawn and always made up; an honest even one never fails
  expect(result.audit.failures.map(({ segment }) => segment)).toContain(39)
  expect(result.audit.failures.every(({ segment, d }) => segment % 2 === 1 && d !== null && d > 0)).toBe(true)
  expect(result.audit.failed).toBe(result.audit.failures.length)
  expect(run.stderr).toMatch(/segment 39/)
  expect(run.stderr).toMatch(/chance/i)
}, 200_000)

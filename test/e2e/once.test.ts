import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { YardResult } from '../../yard/src/report/yardResult.ts'
import { dockerTest } from '../helpers/docker.ts'
import { runNode, runYard, yardHome } from './runYard.ts'

const E2E_TIMEOUT_MS = 200_000
const verifyCli = ['verifier/bin/trainyard-verify.mjs', 'verify']

async function settledOrder(home: string, driver: 'docker' | 'process'): Promise<YardResult> {
  const run = await runYard(home, ['--once', '--json', '--driver', driver])
  // its last lines say why
  expect(run.code, run.stderr.slice(-2_000)).toBe(0)
  // exactly one JSON object: JSON.parse refuses anything before or after it
  return JSON.parse(run.stdout) as YardResult
}

function expectSettled(result: YardResult, driver: string) {
  expect(result.order).toMatchObject({
    status: 'Completed',
    closeReason: 'WORK_COMPLETED',
    segments: 40,
    windows: 4,
  })
  expect(result.order.steps).toBe(5120)
  expect(BigInt(result.order.paidWei)).toBeGreaterThan(0n)
  const { escrowWei, auditFeeWei, paidWei, auditorsPaidWei, refundedWei } = result.order
  expect(BigInt(auditorsPaidWei)).toBeGreaterThan(0n)
  // every wei that was taken went to the seller, the auditors, or back
  const taken = BigInt(escrowWei) + BigInt(auditFeeWei)
  expect(BigInt(paidWei) + BigInt(auditorsPaidWei) + BigInt(refundedWei)).toBe(taken)
  expect(result.audit.failed).toBe(0)
  expect(result.audit.passed).toBe(result.audit.drawn)
  expect(result.audit.drawn).toBeGreaterThanOrEqual(10)
  expect(result.result.accuracy).toBeGreaterThanOrEqual(0.9)
  expect(result.driver).toBe(driver)
  expect(result.chainId).toBe(31337)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  )
}

test(
  'process driver: default',
  async () => {
    using yard = yardHome()
    const result = await settledOrder(yard.home, 'process')
    expectSettled(result, 'process')

    const bundle = result.bundle!
    expect((await runNode([...verifyCli, bundle])).code).toBe(0)
    for (const name of ['result/metrics.json', 'windows/3.json', 'checkpoints/5120/state.safetensors']) {
      expect(filesBelow(bundle)).toContain(name)
      const honest = readFileSync(join(bundle, name))
      const tampered = Buffer.from(honest)
      tampered[tampered.length >> 1]! ^= 1
      writeFileSync(join(bundle, name), tampered)
      const verdict = await runNode([...verifyCli, bundle])
      expect(verdict.code).toBe(1)
      expect(verdict.stdout + verdict.stderr).toMatch(/manifest/)
      writeFileSync(join(bundle, name), honest)
    }
  },
  E2E_TIMEOUT_MS,
)

dockerTest(
  'docker driver: default',
  async () => {
    using yard = yardHome()
    expectSettled(await settledOrder(yard.home, 'docker'), 'docker')
  },
  E2E_TIMEOUT_MS,
)

import { join } from 'node:path'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { expect } from 'vitest'
import { fetchBundle } from '../../../client/src/buyer/fetchBundle.ts'
import type { Moment } from '../../../client/src/engine/moment.ts'
import { dieAt } from './dieAt.ts'
import { effectsOf } from './killPlan.ts'
import { committedWindows, orderTinyJob, statusIs } from './orders.ts'
import { passAudit } from './passAudit.ts'
import { reached } from './reached.ts'
import { startClient } from './startClient.ts'
import type { Rig } from './startRig.ts'
import { failedCalls, repeatedCalls, transactionsOf } from './transactionsOf.ts'
import { until } from './until.ts'

const LONG_MS = 1_800_000
export type Seller = Awaited<ReturnType<Rig['seller']>> & { machineId: bigint; driver: 'process' | 'docker' }

/** A machine that is registered and offered, and nobody at home. */
export async function sleepingSeller(
  rig: Rig,
  name: string,
  driver: Seller['driver'],
  changes: Record<string, unknown> = {},
): Promise<Seller> {
  const seller = await rig.seller(name, { driver, ...changes })
  const client = await startClient(seller.config)
  await client.terminate()
  expect(await readMachineCount(rig.buyer)).toBeGreaterThanOrEqual(client.machineId)
  return { ...seller, machineId: client.machineId, driver }
}

/** One order that goes well, whose daemon is killed at each of these moments in turn. */
export async function killedWhileDone(rig: Rig, seller: Seller, moments: readonly Moment[]): Promise<void> {
  const orderId = await orderTinyJob(rig, seller.machineId)
  const audited = until(async () => {
    await statusIs(rig, orderId, 'Auditing')
    await passAudit(rig, orderId)
    return true
  }, LONG_MS)
  for (const moment of moments) await dieAt(seller.config, moment)
  const client = await startClient(seller.config)
  try {
    await audited
    await reached(client, orderId, 'settled')
    await statusIs(rig, orderId, 'Completed')
    expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
    const out = join(rig.dir, `bundle-${orderId}`)
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')
    await expectWholeLog(client.url, orderId, seller.driver)
  } finally {
    await client.terminate()
  }
  await expectNothingTwice(rig, seller)
}

/** before or after each effect of an order that goes well. */
export function momentsOf(when: 'before' | 'after'): Moment[] {
  return effectsOf('done').map((type): Moment => `${when} ${type}`)
}

/** Nothing of the trainer's last words is lost; a container that lived through it all told each of them once. */
async function expectWholeLog(url: string, orderId: bigint, driver: string): Promise<void> {
  const told = await (await fetch(`${url}/orders/${orderId}/events?once`)).text()
  const lines = [...told.matchAll(/^event: log\ndata: (.*)$/gm)].map(
    ([, data]) => (JSON.parse(data ?? '') as { line: string }).line,
  )
  const last = [expect.stringMatching(/^held-out accuracy/), 'done']
  if (driver === 'docker') expect(lines).toEqual(['training steps 0 to 240 of 240', ...last])
  else expect(lines.slice(-2)).toEqual(last)
}

/** No call of this seller is on chain twice, or failed. */
export async function expectNothingTwice(rig: Rig, { address }: Seller): Promise<void> {
  const sent = await transactionsOf(rig, address)
  expect(sent.map(({ nonce }) => nonce)).toEqual(sent.map((_, index) => index))
  expect(failedCalls(sent)).toEqual([])
  expect(repeatedCalls(sent)).toEqual([])
}

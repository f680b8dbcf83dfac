import { join } from 'node:path'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { placeJobOrder } from '../../client/src/buyer/placeJobOrder.ts'
import { passAudit } from './rig/passAudit.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { tinyJob } from './rig/tinyJob.ts'
import { until } from './rig/until.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig.stop())

async function order(machineId: bigint, changes: Parameters<typeof tinyJob>[0] = {}) {
  const { job, data } = await tinyJob(changes)
  const { offerId } = await readMachine(rig.buyer, machineId)
  const args = { context: rig.buyer, store: rig.market.url, offerId, job, data }
  return placeJobOrder({ ...args, maxSeconds: 600, stepMicros: 5000 })
}

const statusIs = (orderId: bigint, ...wanted: string[]) =>
  until(async () => {
    const facts = await readOrder(rig.buyer, orderId)
    return wanted.includes(facts.status) ? facts : undefined
  })

test('default: an order runs from placing to a verified bundle', { timeout: 120_000 }, async () => {
  const { config } = await rig.seller('honest')
  const client = await startClient(config)
  try {
    const { orderId } = await order(client.machineId)
    await statusIs(orderId, 'Auditing')
    await passAudit(rig, orderId)
    const facts = await statusIs(orderId, 'Completed')
    expect(facts.paidWei).toBeGreaterThan(0n)
    const out = join(rig.dir, 'bundle')
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.checks.filter(({ status }) => status !== 'pass')).toEqual([
      expect.objectContaining({ id: 'chain', status: 'not-compared' }),
    ])
    expect(found).toMatchObject({ verdict: 'valid', segments: 15, steps: 240, accuracy: 1 })
  } finally {
    await client.kill()
  }
})

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { faultyWire } from './rig/faults.ts'
import { committedWindows, orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { reached } from './rig/reached.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { honest, startRpcProxy } from './rig/startRpcProxy.ts'
import { failedCalls, repeatedCalls, transactionsOf } from './rig/transactionsOf.ts'

const SEED = 20_261
const SHARE = 0.2

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

test('behavior: a fifth of all messages lost, late, out of order, cut, doubled or stale: settled, nothing sent twice', {
  timeout: 180_000,
}, async () => {
  const proxy = await startRpcProxy(rig.devnet.rpcUrl)
  const { config, address } = await rig.seller('far-away', { rpc: proxy.url })
  const client = await startClient(config)
  const { fault, counts } = faultyWire(SEED, SHARE)
  try {
    proxy.become(fault)
    const orderId = await orderTinyJob(rig, client.machineId)
    await statusIs(rig, orderId, 'Auditing')
    await passAudit(rig, orderId)
    await reached(client, orderId, 'settled')
    expect((await statusIs(rig, orderId, 'Completed')).paidWei).toBeGreaterThan(0n)
    expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
    const out = join(rig.dir, 'far-away-bundle')
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')

    expect(Object.keys(counts).length).toBe(8) // every kind of fault did happen
    proxy.become(honest)
    const sent = await transactionsOf(rig, address)
    expect(sent.map(({ nonce }) => nonce)).toEqual(sent.map((_, index) => index))
    expect(failedCalls(sent)).toEqual([])
    expect(repeatedCalls(sent)).toEqual([])
  } finally {
    await client.kill()
    await proxy.stop()
  }
})

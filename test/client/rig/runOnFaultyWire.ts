import { join } from 'node:path'
import { expect } from 'vitest'
import { fetchBundle } from '../../../client/src/buyer/fetchBundle.ts'
import { faultyWire } from './faults.ts'
import { committedWindows, orderTinyJob, statusIs } from './orders.ts'
import { passAudit } from './passAudit.ts'
import { startClient } from './startClient.ts'
import type { Rig } from './startRig.ts'
import { honest, startRpcProxy } from './startRpcProxy.ts'
import { failedCalls, repeatedCalls, transactionsOf } from './transactionsOf.ts'

/**
 * Runs an order whose daemon reaches the chain by a wire on which a share of all calls meets a fault; expects that it is
 * settled, that its bundle is valid, that every kind of fault did happen, and that nothing was sent twice.
 */
export async function runOnFaultyWire(rig: Rig, seed: number, share: number): Promise<void> {
  const proxy = await startRpcProxy(rig.devnet.rpcUrl)
  const name = `far-away-${seed}`
  const { config, address } = await rig.seller(name, { rpc: proxy.url })
  const client = await startClient(config)
  const { fault, counts } = faultyWire(seed, share)
  try {
    proxy.become(fault)
    const orderId = await orderTinyJob(rig, client.machineId)
    const tells = (phase: string) =>
      client.logged((line) => line.orderId === String(orderId) && line.phase === phase)
    await tells('ended') // the test's own time limit is the only one
    await passAudit(rig, orderId)
    await tells('settled')
    expect((await statusIs(rig, orderId, 'Completed')).paidWei).toBeGreaterThan(0n)
    expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
    const out = join(rig.dir, `${name}-bundle`)
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
}

import { join } from 'node:path'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { committedWindows, orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { startClient } from './rig/startClient.ts'
import { startProxy } from './rig/startProxy.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

test('behavior: a node that is gone for a while says nothing about the order', {
  timeout: 120_000,
}, async () => {
  const proxy = await startProxy(rig.devnet.rpcUrl)
  const { config } = await rig.seller('cutoff', { rpc: proxy.url })
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await until(async () => ((await readWindowCount(rig.buyer, orderId)) >= 1 ? true : undefined))
    proxy.cut()
    await client.logged(({ msg }) => msg === 'the chain does not answer; trying again')
    const shown = (await (await fetch(`${client.url}/orders/${orderId}`)).json()) as { phase: string }
    expect(shown.phase).toBe('training')
    proxy.restore()
    await statusIs(rig, orderId, 'Auditing')
    expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
  } finally {
    await client.kill()
    await proxy.stop()
  }
})

test('behavior: a beacon that moved on while the node was gone has its window trained again', {
  timeout: 120_000,
}, async () => {
  const proxy = await startProxy(rig.devnet.rpcUrl)
  const { config } = await rig.seller('outlived', { rpc: proxy.url })
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await client.logged((line) => line.orderId === String(orderId) && line.phase === 'training')
    proxy.cut()
    expect(await readWindowCount(rig.buyer, orderId)).toBe(0)
    const before = await readBeacon(rig.buyer, orderId, 0)
    await rig.devnet.mine(260)
    expect((await readBeacon(rig.buyer, orderId, 0)).blockNumber).toBe(before.blockNumber + 256)
    proxy.restore()
    await client.logged(({ msg, window }) => msg === 'a beacon is another one now' && window === 0)
    await statusIs(rig, orderId, 'Auditing')
    await passAudit(rig, orderId)
    await statusIs(rig, orderId, 'Completed')
    const out = join(rig.dir, 'outlived-bundle')
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')
  } finally {
    await client.kill()
    await proxy.stop()
  }
})

test('behavior: a reorg that changes a beacon redoes the window, and the order ends', {
  timeout: 120_000,
}, async () => {
  const { config } = await rig.seller('reorged')
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await client.logged((line) => line.orderId === String(orderId) && line.phase === 'training')
    await rig.devnet.provider.send('anvil_reorg', [2, []])
    await statusIs(rig, orderId, 'Auditing')
    await passAudit(rig, orderId)
    await statusIs(rig, orderId, 'Completed')
    const out = join(rig.dir, 'bundle')
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')
  } finally {
    await client.kill()
  }
})

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
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
import { startRpcProxy } from './rig/startRpcProxy.ts'
import { repeatedCalls, transactionsOf } from './rig/transactionsOf.ts'
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

test('behavior: a node that is gone for longer than the chain remembers blocks costs no work', {
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
    expect(await readBeacon(rig.buyer, orderId, 0)).toEqual(before)
    proxy.restore()
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

test('behavior: with two RPC addresses one may go away at any time', { timeout: 120_000 }, async () => {
  const first = await startProxy(rig.devnet.rpcUrl)
  const second = await startProxy(rig.devnet.rpcUrl)
  const settings = { rpc: first.url, rpcFallbacks: [second.url] }
  const { config, address } = await rig.seller('two-nodes', settings)
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await until(async () => ((await readWindowCount(rig.buyer, orderId)) >= 1 ? true : undefined))
    first.cut()
    await until(async () => ((await readWindowCount(rig.buyer, orderId)) >= 3 ? true : undefined))
    first.restore()
    second.cut()
    await statusIs(rig, orderId, 'Auditing')
    expect(client.log.filter(({ msg }) => msg === 'the chain does not answer; trying again')).toEqual([])
    expect(repeatedCalls(await transactionsOf(rig, address))).toEqual([])
  } finally {
    await client.kill()
    await Promise.all([first.stop(), second.stop()])
  }
})

test('behavior: a node that does not know the order yet does not end it', { timeout: 120_000 }, async () => {
  const proxy = await startRpcProxy(rig.devnet.rpcUrl)
  const { config } = await rig.seller('behind', { rpc: proxy.url })
  const client = await startClient(config)
  try {
    const before = `0x${(await rig.devnet.provider.getBlockNumber()).toString(16)}`
    let lies = 20
    proxy.become(async ({ method, params, id }, forward) => {
      if (method !== 'eth_call' || lies-- <= 0) return { json: await forward() }
      const result: unknown = await rig.devnet.provider.send('eth_call', [params[0], before])
      return { json: JSON.stringify({ jsonrpc: '2.0', id, result }) }
    })
    const orderId = await orderTinyJob(rig, client.machineId)
    await statusIs(rig, orderId, 'Auditing')
    expect(lies).toBeLessThanOrEqual(0)
  } finally {
    await client.kill()
    await proxy.stop()
  }
})

test('behavior: while the store is away nothing is committed that nobody can fetch', {
  timeout: 120_000,
}, async () => {
  const store = await startProxy(rig.market.url)
  const { config } = await rig.seller('storeless', { store: store.url })
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await client.logged((line) => line.orderId === String(orderId) && line.phase === 'training')
    store.cut()
    const committed = await readWindowCount(rig.buyer, orderId)
    const failed = (line: { effect?: unknown; msg?: string }) =>
      line.effect === 'PublishEvidence' && line.msg === 'the effect failed and will be tried again'
    await client.logged(failed)
    await until(async () => (client.log.filter(failed).length >= 3 ? true : undefined))
    // One may have been published just before.
    expect(await readWindowCount(rig.buyer, orderId)).toBeLessThanOrEqual(committed + 1)
    store.restore()
    await statusIs(rig, orderId, 'Auditing')
    await passAudit(rig, orderId)
    await statusIs(rig, orderId, 'Completed')
    const out = join(rig.dir, 'storeless-bundle')
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')
  } finally {
    await client.kill()
    await store.stop()
  }
})

test.skipIf(process.getuid?.() !== 0)(
  'behavior: a disk that is full for a while holds the order up, and no more',
  { timeout: 120_000 },
  async () => {
    const { config, home } = await rig.seller('full')
    const disk = join(home, 'data')
    await mkdir(disk, { recursive: true })
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=272m', 'tmpfs', disk])
    const client = await startClient(config)
    try {
      const orderId = await orderTinyJob(rig, client.machineId)
      await client.logged((line) => line.orderId === String(orderId) && line.phase === 'training')
      spawnSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=4096'], { stdio: 'ignore' }) // until there is no room
      await client.logged(({ msg, err }) => msg?.includes('will be tried again') === true && isFull(err))
      await rm(join(disk, 'filler'))
      await statusIs(rig, orderId, 'Auditing')
      expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
    } finally {
      await client.kill()
      execFileSync('/bin/umount', ['-l', disk])
    }
  },
)

function isFull(err: unknown): boolean {
  return /ENOSPC|disk is full/.test(JSON.stringify(err))
}

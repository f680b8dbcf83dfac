import { join } from 'node:path'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { committedWindows, orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { reached } from './rig/reached.ts'
import { type ClientProcess, startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

test('behavior: a daemon killed at every step of an order still ends it', { timeout: 240_000 }, async () => {
  const { config } = await rig.seller('unlucky', { checkpointMegabytes: 0 })
  let client = await startClient(config)
  const orderId = await orderTinyJob(rig, client.machineId)
  const isAt = (phase: Parameters<typeof reached>[2]) => (client: ClientProcess) =>
    reached(client, orderId, phase)
  // Right after a commit is on chain, the daemon most likely has not heard of it.
  const hasCommitted = (windows: number) => () =>
    until(async () => ((await readWindowCount(rig.buyer, orderId)) >= windows ? true : undefined))
  const moments = [
    isAt('fetching'),
    isAt('selfTest'),
    isAt('starting'),
    isAt('training'),
    hasCommitted(1),
    hasCommitted(2),
    hasCommitted(4),
    isAt('finishing'),
  ]
  for (const moment of moments) {
    await moment(client)
    await client.kill()
    client = await startClient(config)
  }
  try {
    await statusIs(rig, orderId, 'Auditing')
    await client.kill()
    client = await startClient(config)
    await passAudit(rig, orderId)
    await statusIs(rig, orderId, 'Completed')
    expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
    const out = join(rig.dir, 'bundle')
    const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
    expect(found.verdict).toBe('valid')
  } finally {
    await client.kill()
  }
})

test('behavior: a daemon told to stop leaves within five seconds and resumes', {
  timeout: 120_000,
}, async () => {
  const { config } = await rig.seller('polite')
  const first = await startClient(config)
  const orderId = await orderTinyJob(rig, first.machineId)
  await until(async () => ((await readWindowCount(rig.buyer, orderId)) >= 1 ? true : undefined))
  const toldAtMs = Date.now()
  expect(await first.terminate()).toBe(0)
  expect(Date.now() - toldAtMs).toBeLessThan(6_000)
  const second = await startClient(config)
  try {
    await statusIs(rig, orderId, 'Auditing')
    expect(second.url).toBe(first.url)
    expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
  } finally {
    await second.kill()
  }
})

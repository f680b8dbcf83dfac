import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { dockerTest } from '../helpers/docker.ts'
import { committedWindows, orderTinyJob, statusIs } from './rig/orders.ts'
import { reached } from './rig/reached.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

dockerTest(
  'behavior: a container outlives its daemon, and the next one takes it over',
  async () => {
    const { config } = await rig.seller('docked', { driver: 'docker' })
    const first = await startClient(config)
    const orderId = await orderTinyJob(rig, first.machineId)
    await until(async () => ((await readWindowCount(rig.buyer, orderId)) >= 1 ? true : undefined))
    await first.kill()
    const second = await startClient(config)
    try {
      await statusIs(rig, orderId, 'Auditing')
      expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
      // One run did it all: nothing was trained twice.
      expect(second.log.filter(({ msg }) => msg?.includes('resumed'))).toEqual([])
    } finally {
      await rig.devnet.advance(600)
      await reached(second, orderId, 'settled') // the daemon removes its containers then
      await second.terminate()
    }
  },
  180_000,
)

import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { docker, dockerTest } from '../helpers/docker.ts'
import { dieAt } from './rig/dieAt.ts'
import { expectNothingTwice, killedWhileDone, momentsOf, sleepingSeller } from './rig/killedLives.ts'
import { orderTinyJob, statusIs } from './rig/orders.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'

const LONG_MS = 1_800_000

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

for (const when of ['before', 'after'] as const) {
  test(`behavior: killed ${when} every effect of an order that goes well`, { timeout: LONG_MS }, async () => {
    await killedWhileDone(rig, await sleepingSeller(rig, `process-${when}`, 'process'), momentsOf(when))
  })

  dockerTest(
    `behavior: killed ${when} every effect of an order in Docker: one container, gone in the end`,
    async () => {
      const seller = await sleepingSeller(rig, `docker-${when}`, 'docker')
      await killedWhileDone(rig, seller, momentsOf(when))
      const scope = createHash('sha256')
        .update(resolve(join(seller.home, 'data')))
        .digest('hex')
        .slice(0, 12)
      const filters = { label: [`trainyard.scope=${scope}`] }
      expect(await docker.listContainers({ all: true, filters })).toEqual([])
    },
    LONG_MS,
  )

  test(`behavior: killed ${when} it tells the chain that a job cannot be run`, {
    timeout: LONG_MS,
  }, async () => {
    const seller = await sleepingSeller(rig, `refusing-${when}`, 'process')
    const environment = { profile: 'canonical', trainerHash: `0x${'ab'.repeat(32)}` } as const
    const orderId = await orderTinyJob(rig, seller.machineId, { environment })
    await dieAt(seller.config, `${when} SendFailed`)
    const client = await startClient(seller.config)
    const { closeReason } = await statusIs(rig, orderId, 'Failed').finally(() => client.terminate())
    expect(closeReasonName(closeReason)).toBe('JOB_INVALID')
    await expectNothingTwice(rig, seller)
  })
}

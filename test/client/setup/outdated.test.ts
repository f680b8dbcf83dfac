import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fakeNvidiaSmi, POWER, smiXml } from '../facts/fakeNvidiaSmi.ts'
import { orderTinyJob, statusIs } from '../rig/orders.ts'
import { passAudit } from '../rig/passAudit.ts'
import { startClient } from '../rig/startClient.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { until } from '../rig/until.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

const gpu = (n: number) => ({
  bus: `00000000:0${n}:00.0`,
  model: 'NVIDIA L40S',
  uuid: `GPU-outdated-${n}`,
  totalMiB: 46068,
  power: POWER.v13,
})

test('behavior: a GPU lost during an order: the order ends as it was, then the registration is changed', async () => {
  const smi = await fakeNvidiaSmi('ok', smiXml([gpu(1), gpu(2)]))
  vi.stubEnv('PATH', `${smi}:/usr/bin:/bin`)
  const { config } = await rig.seller('outdated')
  const first = await startClient(config)
  const orderId = await orderTinyJob(rig, first.machineId)
  await first.logged(({ phase }) => phase === 'training')
  await first.kill()
  await writeFile(join(smi, 'answer.xml'), smiXml([gpu(1)]))

  const second = await startClient(config)
  expect(second.machineId).toBe(first.machineId)
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  const { changes } = await second.logged(({ msg }) => msg?.startsWith('starting again') ?? false)
  expect(changes).toEqual(['NVIDIA L40S (GPU-outdated-2) is gone.'])
  await until(async () =>
    (await readMachine(rig.buyer, first.machineId)).status === 'ForRent' ? true : undefined,
  )
  // Its buyer still finds what it bought.
  const { endpoint, completed } = await readMachine(rig.buyer, first.machineId)
  expect(completed).toBe(1)
  expect((await fetch(`${endpoint}/orders/${orderId}`)).status).toBe(200)
  expect(await second.terminate()).toBe(0)
  vi.unstubAllEnvs()
  await rm(smi, { recursive: true })
})

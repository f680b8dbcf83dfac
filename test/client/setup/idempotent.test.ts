import { readBond } from '@trainyard/contracts/readBond.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { parseEther } from 'ethers'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { startDaemon } from '../../../client/src/daemon.ts'
import { type Rig, startRig } from '../rig/startRig.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

const logger = pino({ level: 'silent' })
const state = async (machineId: bigint, seller: string) => {
  const machine = await readMachine(rig.buyer, machineId)
  const { activeWei } = await readBond(rig.buyer, seller)
  const transactions = await rig.devnet.provider.getTransactionCount(seller)
  return { machine, activeWei, transactions, machines: await readMachineCount(rig.buyer) }
}

test('default: a second start sends nothing', async () => {
  const { config, address } = await rig.seller('twice')
  const first = await startDaemon(await readConfig(config), { logger })
  await first.stop()
  const before = await state(first.machineId, address)
  expect(before).toMatchObject({
    activeWei: parseEther('100'),
    machine: { owner: address, endpoint: first.url, status: 'ForRent' },
  })
  const second = await startDaemon(await readConfig(config), { logger })
  await second.stop()
  expect(await state(second.machineId, address)).toEqual(before)
})

test('behavior: a changed price and endpoint are brought up to date, the machine stays', async () => {
  const { config, address } = await rig.seller('changing')
  const first = await startDaemon(await readConfig(config), { logger })
  await first.stop()
  const changed = {
    ...(await readConfig(config)),
    pricePerHourWei: 7n,
    publicEndpoint: 'https://seller.example',
  }
  const second = await startDaemon(changed, { logger })
  await second.stop()
  expect(second.machineId).toBe(first.machineId)
  const { machine } = await state(second.machineId, address)
  expect(machine.endpoint).toBe('https://seller.example')
  expect(await readOffer(rig.buyer, machine.offerId)).toMatchObject({ pricePerHourWei: 7n, open: true })
})

test('error: an empty balance says how much is missing, before anything is bonded', async () => {
  const { config, address } = await rig.seller('poor', { bondWei: String(parseEther('100002.5')) })
  const starting = startDaemon(await readConfig(config), { logger })
  await expect(starting).rejects.toThrow('2.5 DEV are missing for the bond of 100002.5 DEV.')
  expect((await readBond(rig.buyer, address)).activeWei).toBe(0n)
})

test('error: an occupied port is named', async () => {
  const { config } = await rig.seller('crowded', { listen: new URL(rig.market.url).host })
  await expect(startDaemon(await readConfig(config), { logger })).rejects.toThrow(
    /Port \d+ of 127.0.0.1 is in use/,
  )
})

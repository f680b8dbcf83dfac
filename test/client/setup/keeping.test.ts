import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { startDaemon } from '../../../client/src/daemon.ts'
import { openJournal } from '../../../client/src/journal/openJournal.ts'
import { seenOrder } from '../../../client/src/order/state.ts'
import { setDraining } from '../../../client/src/setup/draining.ts'
import { fakeNvidiaSmi, POWER, smiXml } from '../facts/fakeNvidiaSmi.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { until } from '../rig/until.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 }) // a chain and processes on a busy machine

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.stop())

const logger = pino({ level: 'silent' })
const offered = async (machineId: bigint) => (await readMachine(rig.buyer, machineId)).offerId !== 0n
const becomes = (machineId: bigint, wanted: boolean) =>
  until(async () => ((await offered(machineId)) === wanted ? true : undefined))

test('default: drain takes the offer back, also over a restart; undoing it offers again', async () => {
  const { config: path } = await rig.seller('draining')
  const config = await readConfig(path)
  const first = await startDaemon(config, { logger })
  expect(await offered(first.machineId)).toBe(true)
  await setDraining(config.dataDir, [''], true)
  await becomes(first.machineId, false)
  await first.stop()
  const second = await startDaemon(config, { logger })
  expect(await offered(second.machineId)).toBe(false)
  await setDraining(config.dataDir, [''], false)
  await becomes(second.machineId, true)
  await second.stop()
})

test('behavior: a schedule that begins makes a new offer, and its price is the one on chain', async () => {
  const { config } = await rig.seller('scheduled', { priceSchedule: [{ pricePerHourWei: '77' }] })
  const daemon = await startDaemon(await readConfig(config), { logger })
  await daemon.stop()
  const { offerId } = await readMachine(rig.buyer, daemon.machineId)
  expect(await readOffer(rig.buyer, offerId)).toMatchObject({ pricePerHourWei: 77n, open: true })
})

test('behavior: a script changes the price of a running daemon', async () => {
  const { config: path, home } = await rig.seller('scripted')
  const answer = join(home, 'answer.json')
  const limits = { minPerHourWei: 1n, maxPerHourWei: 1000n, timeoutSeconds: 5, everySeconds: 0 }
  const priceScript = { command: ['/bin/cat', answer], ...limits }
  await writeFile(answer, '{"pricePerHourWei":"5"}')
  const daemon = await startDaemon({ ...(await readConfig(path)), priceScript }, { logger })
  const price = async () => {
    const { offerId } = await readMachine(rig.buyer, daemon.machineId)
    return (await readOffer(rig.buyer, offerId)).pricePerHourWei
  }
  expect(await price()).toBe(5n)
  await writeFile(answer, '{"pricePerHourWei":"6"}')
  await until(async () => ((await price()) === 6n ? true : undefined))
  await daemon.stop()
})

test('behavior: the chain sees a heartbeat once an interval, none if it is 0', async () => {
  const beats = async (machineId: bigint) =>
    (await read(rig.buyer, 'machines', 'reputationOf', [machineId])).machine.lastHeartbeatAt
  const { config } = await rig.seller('alive')
  const first = await startDaemon(await readConfig(config), { logger })
  await first.stop()
  const beat = await beats(first.machineId)
  expect(beat).toBeGreaterThan(0)
  const second = await startDaemon(await readConfig(config), { logger })
  await second.stop()
  expect(await beats(first.machineId)).toBe(beat)
  const silent = await rig.seller('silent', { heartbeatSeconds: 0 })
  const third = await startDaemon(await readConfig(silent.config), { logger })
  await third.stop()
  expect(await beats(third.machineId)).toBe(0)
})

async function twoGpus(name: string) {
  const gpu = (n: number) => ({
    bus: `00000000:0${n}:00.0`,
    model: 'NVIDIA L40S',
    uuid: `GPU-${name}-${n}`,
    totalMiB: 46068,
    power: POWER.v13,
  })
  const dir = await fakeNvidiaSmi('ok', smiXml([gpu(1), gpu(2)]))
  const lose = () => writeFile(join(dir, 'answer.xml'), smiXml([gpu(1)]))
  const { config: path } = await rig.seller(name)
  const config = await readConfig(path)
  const start = (changes = {}) =>
    startDaemon({ ...config, ...changes }, { logger, searchPath: `${dir}:/usr/bin:/bin` })
  return { dir, config, start, lose }
}

test('behavior: a GPU less changes the registration in place, and the machine is offered again', async () => {
  const { dir, start, lose } = await twoGpus('shrinking')
  const first = await start()
  await first.stop()
  await lose()
  const before = await readMachine(rig.buyer, first.machineId)
  const second = await start()
  await second.stop()
  expect(second.machineId).toBe(first.machineId)
  const after = await readMachine(rig.buyer, first.machineId)
  expect(after.status).toBe('ForRent')
  expect(after.specHash).not.toBe(before.specHash)
  expect(after.offerId).not.toBe(before.offerId)
  const third = await start()
  await third.stop()
  expect(await readMachine(rig.buyer, third.machineId)).toMatchObject({ ...after, endpoint: third.url })
  await rm(dir, { recursive: true })
})

test('behavior: never while an order is open: the offer is taken back, the registration stays', async () => {
  const { dir, config, start, lose } = await twoGpus('busy')
  const first = await start()
  await first.stop()
  await lose()
  const journal = openJournal(join(config.dataDir, 'journal.sqlite'))
  journal.saveOrder(seenOrder('4000000000'), 0) // on no machine of this chain, but open as far as is known
  journal.close()
  const second = await start()
  await second.stop()
  expect(second.machineId).toBe(first.machineId)
  expect((await readMachine(rig.buyer, first.machineId)).status).toBe('Idle')
  await rm(dir, { recursive: true })
})

test('behavior: a GPU driver that fails is no change of hardware, but nothing is sold meanwhile', async () => {
  const { dir, start } = await twoGpus('hanging')
  const first = await start()
  await first.stop()
  await writeFile(join(dir, 'nvidia-smi'), '#!/bin/sh\necho "No devices were found"\nexit 6\n')
  const second = await start()
  await second.stop()
  expect(second.machineId).toBe(first.machineId)
  expect((await readMachine(rig.buyer, first.machineId)).status).toBe('Idle')
  await rm(dir, { recursive: true })
})

test('behavior: another hardware class is registered in place', async () => {
  const { dir, start } = await twoGpus('classy')
  const first = await start()
  await first.stop()
  const second = await start({ hardwareClass: 'l40s-580' })
  await second.stop()
  expect(second.machineId).toBe(first.machineId)
  expect((await readMachine(rig.buyer, second.machineId)).hardwareClass).toBe(hardwareClassOf('l40s-580'))
  await rm(dir, { recursive: true })
})

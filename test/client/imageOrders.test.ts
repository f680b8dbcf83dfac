import { rm } from 'node:fs/promises'
import { bond } from '@trainyard/contracts/bond.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { ImageJob } from '@trainyard/verifier/job.ts'
import { parseEther } from 'ethers'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { placeJobOrder } from '../../client/src/buyer/placeJobOrder.ts'
import { readConfig } from '../../client/src/config/readConfig.ts'
import { type Daemon, startDaemon } from '../../client/src/daemon.ts'
import type { Driver, RunSpec } from '../../client/src/drivers/driver.ts'
import { ImageNotLoaded, RunDidNotStart } from '../../client/src/drivers/driverErrors.ts'
import { fakeNvidiaSmi, POWER, smiXml } from './facts/fakeNvidiaSmi.ts'
import { statusIs } from './rig/orders.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { tinyJob } from './rig/tinyJob.ts'
import { until } from './rig/until.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const CLASS = 'l40s-580'
const IMAGE = `sha256:${'ab'.repeat(32)}`
const SOURCE = `registry.example/trainer@sha256:${'cd'.repeat(32)}`
const uuid = (digit: string) => `GPU-${digit.repeat(8)}-2222-3333-4444-${'5'.repeat(12)}`
const gpu = (n: number) => ({
  bus: `00000000:0${n}:00.0`,
  model: 'NVIDIA L40S',
  uuid: uuid(String(n)),
  totalMiB: 46068,
  power: POWER.v13,
})

let rig: Rig
let smi: string
beforeAll(async () => {
  rig = await startRig()
  smi = await fakeNvidiaSmi('ok', smiXml([gpu(1), gpu(2), gpu(3)]))
  const auditor = await rig.devnet.account(2)
  await deposit(auditor, { amountWei: parseEther('1000') })
  await bond(auditor, { amountWei: parseEther('1000') })
  await takeSeat(auditor, { hardwareClass: hardwareClassOf(CLASS) })
})
afterAll(async () => {
  await rig?.stop()
  await rm(smi, { recursive: true, force: true })
})

/** An engine's stand-in that starts nothing: what it is asked is what counts here. */
function deafDriver(changes: Partial<Driver> = {}) {
  const started: RunSpec[] = []
  const fetched: { imageId: string; source: string | undefined }[] = []
  const driver: Driver = {
    name: 'docker',
    async fetchImage({ imageId, source, onProgress }) {
      fetched.push({ imageId, source })
      onProgress('1 of 2 layers, 3 of 4 MiB')
    },
    async start(run) {
      started.push(run)
      throw new RunDidNotStart(run.runId, 'nothing runs here', 'Nothing.')
    },
    inspect: async () => ({ kind: 'missing' }),
    wait: async () => ({ kind: 'missing' }),
    stop: async () => undefined,
    remove: async () => undefined,
    logs: async () => undefined,
    list: async () => [],
    sweep: async () => [],
    ...changes,
  }
  return { driver, started, fetched }
}

async function start(name: string, driver: Driver, changes: Record<string, unknown> = {}) {
  const settings = { driver: 'docker', hardwareClass: CLASS, images: [IMAGE], ...changes }
  const { config } = await rig.seller(name, settings)
  const again = async () =>
    startDaemon(await readConfig(config), {
      logger: pino({ level: 'silent' }),
      driver,
      searchPath: `${smi}:/usr/bin:/bin`,
    })
  return { daemon: await again(), again }
}

async function order(machineId: bigint, changes: Partial<ImageJob> = {}): Promise<bigint> {
  const { job, data } = await tinyJob()
  const imageJob: ImageJob = {
    ...job,
    version: 2,
    environment: { profile: 'image', image: IMAGE },
    model: { kind: 'none' },
    hyperparameters: { batchSize: 8 },
    checkpointBytes: 1024,
    ...changes,
  }
  const { offerId } = await readMachine(rig.buyer, machineId)
  const args = { context: rig.buyer, store: rig.market.url, offerId, job: imageJob, data }
  return (await placeJobOrder({ ...args, maxSeconds: 600, stepMicros: 5000 })).orderId
}

const logOf = async (daemon: Daemon, orderId: bigint) =>
  (await fetch(`${daemon.url}/orders/${orderId}/events?once`)).text()

test('default: a job in an image is given its machine’s GPUs, and no other machine’s', async () => {
  const { driver, started, fetched } = deafDriver()
  const machines = [
    { name: 'two', gpus: [uuid('1'), uuid('3')] },
    { name: 'one', gpus: [uuid('2')] },
    { name: 'none', gpus: [] },
  ]
  const { daemon } = await start('gpus', driver, { machines, imageSources: { [IMAGE]: SOURCE } })
  const orders: bigint[] = []
  const command = ['--layers', '4']
  for (const { name } of machines) orders.push(await order(daemon.machineIds.get(name)!, { command }))
  const given = (orderId: bigint) => started.find((run) => run.orderId === String(orderId))?.gpus
  await until(async () => (orders.every((orderId) => given(orderId)) ? true : undefined))
  expect(orders.map(given)).toEqual([[uuid('1'), uuid('3')], [uuid('2')], []])
  for (const { image, command: given } of started) expect([image, given]).toEqual([IMAGE, command])
  expect(fetched[0]).toEqual({ imageId: IMAGE, source: SOURCE })
  expect(await logOf(daemon, orders[0]!)).toContain('1 of 2 layers, 3 of 4 MiB')
  await daemon.stop()
})

test('error: a machine whose GPUs jobs cannot be given is not offered', async () => {
  const { driver } = deafDriver({ gpuRefusal: 'the toolkit lets jobs escape' })
  const machines = [{ name: 'gpu', gpus: [uuid('1')] }, { name: 'plain' }]
  const { daemon } = await start('unsafe', driver, { machines })
  const offerOf = async (name: string) => (await readMachine(rig.buyer, daemon.machineIds.get(name)!)).offerId
  expect(await offerOf('gpu')).toBe(0n)
  expect(await offerOf('plain')).not.toBe(0n)
  await daemon.stop()
})

test('error: a GPU that is not there is named before anything is registered', async () => {
  const machines = [{ name: 'gpu', gpus: [uuid('9')] }]
  await expect(start('absent', deafDriver().driver, { machines })).rejects.toThrow(
    `The GPUs of machine "gpu" cannot be registered: ${uuid('9')} is not in this machine.`,
  )
})

test('error: an image that cannot be had ends the order before its clock runs, as the seller’s', async () => {
  const refuse = async () => {
    throw new ImageNotLoaded('it is nowhere', 'Load it.')
  }
  const { daemon } = await start('imageless', deafDriver({ fetchImage: refuse }).driver)
  const orderId = await order(daemon.machineId)
  const { closeReason, startedAt } = await statusIs(rig, orderId, 'Failed')
  expect([closeReasonName(closeReason), startedAt]).toEqual(['SELLER_GAVE_UP', 0])
  expect(await logOf(daemon, orderId)).toContain('it is nowhere')
  await daemon.stop()
})

test('error: egress that the seller does not allow is refused before anything is paid', async () => {
  const { daemon, again } = await start('closed', deafDriver().driver, { egress: ['a.example:443'] })
  const { machineId } = daemon
  const asking = { egress: ['a.example:443', 'b.example:443'] }
  await expect(order(machineId, asking)).rejects.toMatchObject({
    name: 'JobRejected',
    message: 'The job asks to reach b.example:443, which this seller does not allow.',
  })
  await daemon.stop()
  // Nobody answers: the order is placed, and refused by the daemon when it is there.
  const orderId = await order(machineId, asking)
  const back = await again()
  const { closeReason, startedAt, slashedWei } = await statusIs(rig, orderId, 'Failed')
  expect([closeReasonName(closeReason), startedAt, slashedWei]).toEqual(['JOB_INVALID', 0, 0n])
  await back.stop()
})

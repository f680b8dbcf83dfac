import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { subjectOf } from '@trainyard/verifier/tolerance/profile.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fetchBundle } from '../../../client/src/buyer/fetchBundle.ts'
import { cancelCommand } from '../../../client/src/cli/cancelCommand.ts'
import { extendCommand } from '../../../client/src/cli/extendCommand.ts'
import { fetchCommand } from '../../../client/src/cli/fetchCommand.ts'
import type { JobMode } from '../../../client/src/cli/jobModes.ts'
import { machinesCommand } from '../../../client/src/cli/machinesCommand.ts'
import { orderCommand } from '../../../client/src/cli/orderCommand.ts'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { type Daemon, startDaemon } from '../../../client/src/daemon.ts'
import { orderTinyJob, statusIs } from '../rig/orders.ts'
import { passAudit } from '../rig/passAudit.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { tinyJob } from '../rig/tinyJob.ts'
import { fakeRim } from './fakeRim.ts'

type Mode = { mode?: JobMode; toleranceProfile?: string }

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 }) // a chain and processes on a busy machine

let rig: Rig
let daemon: Daemon
let account: { keystore: string; passwordFile: string; home: string }
beforeAll(async () => {
  rig = await startRig()
  const { config } = await rig.seller('seller', { proofModes: ['bitwise', 'tolerance', 'none'] })
  daemon = await startDaemon(await readConfig(config), { logger: pino({ level: 'silent' }) })
  const { home } = await rig.seller('buyer') // only its funded account is used
  account = { keystore: join(home, 'keystore.json'), passwordFile: join(home, 'password'), home }
})
afterAll(async () => {
  await daemon?.stop()
  await rig?.stop()
})

const chain = () => ({
  rpc: rig.devnet.rpcUrl,
  deployment: join(rig.dir, 'deployment.json'),
  store: rig.market.url,
  json: true as const,
})
async function run<T>(command: (rim: ReturnType<typeof fakeRim>['rim']) => Promise<void>): Promise<T> {
  const { rim, answers } = fakeRim()
  await command(rim)
  expect(answers).toHaveLength(1) // one object on stdout
  return answers[0] as T
}

/** Orders a job that goes on for some time. */
function orderLongJob(): Promise<bigint> {
  const long = { steps: 1_310_720, stepsPerSegment: 256, segmentsPerWindow: 512 }
  return orderJob({ ...long, proof: { mode: 'bitwise', draws: 10 } })
}

async function orderJob(changes: Partial<CanonicalJob>, mode: Mode = {}): Promise<bigint> {
  const { job, data } = await tinyJob(changes)
  const write = async (name: string, bytes: Uint8Array | string) => {
    await writeFile(join(account.home, name), bytes)
    return join(account.home, name)
  }
  const files = { job: await write('job.json', JSON.stringify(job)), train: await write('train', data.train) }
  const options = { ...chain(), ...account, ...mode, maxSeconds: 600, stepMicros: 5000, yes: true as const }
  const placed = await run<{ orderId: string }>(async (rim) =>
    orderCommand(
      { ...options, job: files.job, data: [files.train, await write('heldOut', data.heldOut)] },
      rim,
    ),
  )
  return BigInt(placed.orderId)
}

test('machines: with what they are made of; a filter that leaves none says what it costs', async () => {
  const list = { ...chain(), sort: 'price' as const, limit: 10 }
  const all = await run<{ machines: { machineId: string; specs: { cpu: { cores: number } } }[] }>((rim) =>
    machinesCommand(list, rim),
  )
  expect(all.machines).toHaveLength(1)
  expect(all.machines[0]!.specs.cpu.cores).toBeGreaterThan(0)
  const none = await run((rim) => machinesCommand({ ...list, gpu: 'h100', maxPrice: '1' }, rim))
  expect(none).toMatchObject({ machines: [], offered: 1, matching: 0, without: { gpu: 0, 'max-price': 0 } })
})

test('extend and cancel: more time for an order that runs, then its end; nothing without yes', async () => {
  const orderId = await orderLongJob()
  await statusIs(rig, orderId, 'Training')
  const before = await readOrder(rig.buyer, orderId)
  const more = { ...chain(), ...account, seconds: 60 }
  await expect(extendCommand(orderId, more, fakeRim().rim)).rejects.toThrow('Nobody is here to say so')
  const extended = await run((rim) => extendCommand(orderId, { ...more, yes: true }, rim))
  expect(extended).toMatchObject({ maxSeconds: 660 })
  const after = await readOrder(rig.buyer, orderId)
  expect(after.escrowWei - before.escrowWei).toBe((before.pricePerHourWei * 60n) / 3600n)
  const tooMuch = extendCommand(orderId, { ...more, seconds: 3600, yes: true }, fakeRim().rim)
  await expect(tooMuch).rejects.toThrow('The offer allows 3600 s in all, and the order has 660 s.')
  const end = { ...chain(), ...account }
  await expect(cancelCommand(orderId, end, fakeRim().rim)).rejects.toThrow('The clock stops')
  await run((rim) => cancelCommand(orderId, { ...end, yes: true }, rim))
  expect((await readOrder(rig.buyer, orderId)).endedAt).toBeGreaterThan(0)
  await statusIs(rig, orderId, 'Auditing', 'Cancelled')
  await expect(cancelCommand(orderId, { ...end, yes: true }, fakeRim().rim)).rejects.toThrow(/^Order 1 is /)
})

test('order --mode: a rental’s result is fetched as it is; a tolerance takes its thresholds from a profile', async () => {
  const rented = await orderJob({}, { mode: 'none' })
  expect((await statusIs(rig, rented, 'Completed')).auditFeeWei).toBe(0n)
  const out = join(rig.dir, 'rented')
  await run((rim) => fetchCommand(rented, { ...chain(), ...account, out }, rim))
  expect((await readdir(out)).sort()).toEqual(['metrics.json', 'model.safetensors'])

  const short = { stepsPerSegment: 8, segmentsPerWindow: 6 }
  const { job } = await tinyJob(short)
  const level = { steps: 8, n: 3, pairs: ['a', 'b', 'c'].map((name) => ({ name, n: 1 })) }
  const thresholds = { e: 1e-4, cosine: 1e-8, loss: 1e-6 }
  const levels = [{ ...level, thresholds, usual: { half: thresholds, most: thresholds } }]
  const toleranceProfile = join(account.home, 'profile.json')
  await writeFile(
    toleranceProfile,
    JSON.stringify({ version: 1, alpha: 0.1, subject: subjectOf(job), levels }),
  )
  await expect(orderJob({}, { mode: 'tolerance' })).rejects.toThrow(
    'judged by thresholds, and the job has none',
  )
  const near = { mode: 'tolerance', toleranceProfile } as const
  await expect(orderJob({}, near)).rejects.toThrow('says nothing of segments of 16 steps, but of 8')
  const orderId = await orderJob({ ...short, proof: { mode: 'bitwise', draws: 5 } }, near)
  const { terms } = await statusIs(rig, orderId, 'Auditing')
  expect(terms).toMatchObject({ mode: 'Tolerance', vouched: false })
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
})

test('error: extending an order that does not exist', async () => {
  const options = { ...chain(), ...account, seconds: 60, yes: true as const }
  await expect(extendCommand(999n, options, fakeRim().rim)).rejects.toThrow('There is no order 999')
})

test('fetch: goes on where it was, does not trust what it kept, and leaves nothing behind', async () => {
  const orderId = await orderTinyJob(rig, daemon.machineId)
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  const out = join(rig.dir, 'bundle')
  const args = { context: rig.buyer, orderId, store: rig.market.url, out }
  const stopAfter = (count: number) => {
    let parts = 0
    return () => {
      if (++parts > count) throw new Error('pulled the plug')
    }
  }
  await expect(fetchBundle({ ...args, onPart: stopAfter(9) })).rejects.toThrow('pulled the plug')
  const partsDir = join(rig.dir, (await readdir(rig.dir)).find((name) => name.startsWith('bundle.parts'))!)
  const content = (await readdir(partsDir)).find((name) => name.startsWith('bafk'))!
  await writeFile(join(partsDir, content), 'rotten')
  const seen: Record<string, boolean> = {}
  const onPart = (name: string, isNew: boolean) => {
    seen[name] ??= isNew
  }
  expect(await fetchBundle({ ...args, onPart })).toMatchObject({ verdict: 'valid' })
  expect(Object.values(seen).filter((isNew) => !isNew).length).toBeGreaterThanOrEqual(8)
  expect(seen[content]).toBe(true)
  expect((await readdir(rig.dir)).filter((name) => name.startsWith('bundle'))).toEqual(['bundle'])
  expect(JSON.parse(await readFile(join(out, 'job.json'), 'utf8'))).toMatchObject({ name: 'quarters' })
  await rm(out, { recursive: true })
})

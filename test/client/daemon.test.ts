import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchBundle } from '../../client/src/buyer/fetchBundle.ts'
import { fetchOutput } from '../../client/src/buyer/fetchOutput.ts'
import { fetchProvedCheckpoint } from '../../client/src/buyer/fetchProvedCheckpoint.ts'
import { placeJobOrder } from '../../client/src/buyer/placeJobOrder.ts'
import { committedWindows, orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { type ClientProcess, startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { tinyData, tinyJob } from './rig/tinyJob.ts'
import { until } from './rig/until.ts'

let rig: Rig
let client: ClientProcess
beforeAll(async () => {
  rig = await startRig()
  const proofModes = ['none', 'bitwise']
  client = await startClient((await rig.seller('honest', { proofModes })).config)
})
afterAll(async () => {
  await client?.kill()
  await rig?.stop()
})

test('default: an order runs from placing to a verified bundle', { timeout: 120_000 }, async () => {
  const orderId = await orderTinyJob(rig, client.machineId)
  await statusIs(rig, orderId, 'Auditing')
  const early = await fetch(`${client.url}/orders/${orderId}/inner/0`)
  expect(early.status).toBe(403)
  await passAudit(rig, orderId)
  const facts = await statusIs(rig, orderId, 'Completed')
  expect(facts.paidWei).toBeGreaterThan(0n)
  const out = join(rig.dir, 'bundle')
  const silent = { context: rig.buyer, orderId, store: 'http://127.0.0.1:1', out }
  await expect(fetchBundle(silent)).rejects.toMatchObject({
    message: 'The store at http://127.0.0.1:1 does not answer.',
    exitCode: 75,
  })
  const found = await fetchBundle({
    context: rig.buyer,
    orderId,
    store: rig.market.url,
    out,
    rpc: rig.devnet.rpcUrl,
  })
  expect(found.checks.filter(({ status }) => status !== 'pass')).toEqual([])
  expect(found).toMatchObject({ verdict: 'valid', segments: 15, steps: 240, accuracy: 1 })
  expect(await committedWindows(rig, orderId)).toEqual([0, 1, 2, 3, 4])
  // What a bundle needs is still here, nothing else is.
  const kept = async () => {
    const manifest = await (await fetch(`${client.url}/orders/${orderId}/manifest`)).json()
    return (manifest as { checkpoints: number[] }).checkpoints
  }
  await until(async () => ((await kept()).length === 6 ? true : undefined))
  expect(await kept()).toEqual([0, 48, 96, 144, 192, 240])
  const again = join(rig.dir, 'bundle-again')
  const late = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out: again })
  expect(late.verdict).toBe('valid')
})

test('default: an order resumes from what another proved, with other data, to a verified bundle', {
  timeout: 120_000,
}, async () => {
  const first = await orderTinyJob(rig, client.machineId)
  await statusIs(rig, first, 'Auditing')
  await expect(fetchProvedCheckpoint(rig.buyer, rig.market.url, first)).rejects.toThrow(/only what an audit/)
  await passAudit(rig, first)
  await statusIs(rig, first, 'Completed')
  const resume = await fetchProvedCheckpoint(rig.buyer, rig.market.url, first)
  const { job, data } = await tinyJob({ resumeFrom: { cid: resume.cid } })
  const train = tinyData(128, 7)
  const other = { ...job, data: { ...job.data, train: { cid: (await addBytes(train)).cid } } }
  const place = async (ordered: CanonicalJob) => {
    const { offerId } = await readMachine(rig.buyer, client.machineId)
    const args = { context: rig.buyer, store: rig.market.url, offerId, maxSeconds: 600, stepMicros: 5000 }
    return (await placeJobOrder({ ...args, job: ordered, data: { ...data, train }, resume })).orderId
  }
  const orderId = await place(other)
  await statusIs(rig, orderId, 'Auditing')
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  const out = join(rig.dir, 'resumed')
  const { rpcUrl: rpc } = rig.devnet
  const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out, rpc })
  expect(found.checks.filter(({ status }) => status !== 'pass')).toEqual([])
  expect(found).toMatchObject({ verdict: 'valid', steps: 240 })
  const begun = await readFile(join(out, 'checkpoints/0/state.safetensors'))
  expect(checkpointRoot(begun)).toBe(resume.from.lastStateRoot)
  // A bundle that hides where it began is not what the chain says.
  const order = JSON.parse(await readFile(join(out, 'order.json'), 'utf8')) as Record<string, unknown>
  await writeFile(join(out, 'order.json'), canonicalBytes({ ...order, resumed: undefined }))
  const hidden = (await verifyBundle(out, { rpc })).checks.find(({ id }) => id === 'chain')
  expect(hidden).toMatchObject({ status: 'fail', detail: 'resumed is not what the chain says' })
  // The seller refuses bytes that are not the proved ones before the clock runs.
  const wrong = await place({ ...other, resumeFrom: { cid: other.data.train.cid } })
  const refused = await statusIs(rig, wrong, 'Failed')
  expect(closeReasonName(refused.closeReason)).toBe('JOB_INVALID')
  expect(refused).toMatchObject({ startedAt: 0, slashedWei: 0n, paidWei: 0n })
})

test('behavior: checkpoints that are hashed in a thread of their own prove the same', {
  timeout: 120_000,
}, async () => {
  const small = { steps: 32, segmentsPerWindow: 1, proof: { mode: 'bitwise', draws: 2 } } as const
  const orderId = await orderTinyJob(rig, client.machineId, {
    ...small,
    model: { kind: 'mlp', layers: [16, 4096, 200, 4] }, // checkpoints of seven megabytes
  })
  await statusIs(rig, orderId, 'Auditing')
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  const out = join(rig.dir, 'large')
  const found = await fetchBundle({ context: rig.buyer, orderId, store: rig.market.url, out })
  expect(found.verdict).toBe('valid')
})

async function rent(changes: Partial<CanonicalJob>, maxSeconds: number): Promise<bigint> {
  const { job, data } = await tinyJob(changes)
  const { offerId } = await readMachine(rig.buyer, client.machineId)
  const rental = { ...job, proof: { mode: 'none' } as const }
  const args = { context: rig.buyer, store: rig.market.url, offerId, job: rental, data }
  return (await placeJobOrder({ ...args, maxSeconds, stepMicros: 0 })).orderId
}

const readMachinePrice = async () => {
  const { offerId } = await readMachine(rig.buyer, client.machineId)
  return (await readOffer(rig.buyer, offerId)).pricePerHourWei
}

const outputOf = async (orderId: bigint, out: string, store = rig.market.url) => {
  const order = await readOrder(rig.buyer, orderId)
  return fetchOutput({ context: rig.buyer, orderId, order, store, out: join(rig.dir, out) })
}

test('default: an order without proof runs the trainer, settles at its end, and its result can be had', {
  timeout: 120_000,
}, async () => {
  const orderId = await rent({}, 600)
  await expect(outputOf(orderId, 'early')).rejects.toThrow('has not ended')
  const facts = await statusIs(rig, orderId, 'Completed')
  expect(facts).toMatchObject({ auditFeeWei: 0n, slashedWei: 0n })
  expect(facts.paidWei).toBe(((await readMachinePrice()) * BigInt(facts.endedAt - facts.startedAt)) / 3600n)
  expect(await committedWindows(rig, orderId)).toEqual([])
  const { files } = await outputOf(orderId, 'rented')
  expect(files.map(({ path }) => path)).toEqual(['metrics.json', 'model.safetensors'])
  const metrics = await readFile(join(rig.dir, 'rented/metrics.json'), 'utf8')
  expect(JSON.parse(metrics)).toMatchObject({ accuracy: 1 })
  // The store is gone, the machine is there: the same files, by their hashes.
  expect((await outputOf(orderId, 'rented-again', 'http://127.0.0.1:1')).files).toEqual(files)
  const log = await (await fetch(`${client.url}/orders/${orderId}/events?once`)).text()
  expect(log).toContain('"step":240')
})

test('behavior: the buyer stops an order without proof, and the machine is free at once', {
  timeout: 60_000,
}, async () => {
  const orderId = await rent({ steps: 1_000_000 }, 600)
  await client.logged(
    (line) => line.orderId === String(orderId) && line.msg?.startsWith('The program runs') === true,
  )
  await cancelOrder(rig.buyer, { orderId })
  const facts = await statusIs(rig, orderId, 'Cancelled')
  expect(facts.refundedWei).toBe(facts.escrowWei - facts.paidWei)
  expect((await readMachine(rig.buyer, client.machineId)).currentOrderId).toBe(0n)
  expect((await outputOf(orderId, 'stopped')).files).toEqual([]) // the trainer leaves its result at the end
})

test('error: a job for another trainer is refused before the clock runs', { timeout: 60_000 }, async () => {
  const environment = { profile: 'canonical', trainerHash: `0x${'ab'.repeat(32)}` } as const
  const orderId = await orderTinyJob(rig, client.machineId, { environment })
  const facts = await statusIs(rig, orderId, 'Failed')
  expect(closeReasonName(facts.closeReason)).toBe('JOB_INVALID')
  expect(facts).toMatchObject({ startedAt: 0, slashedWei: 0n, paidWei: 0n })
  const shown = await until(async () => {
    const order = (await (await fetch(`${client.url}/health`)).json()) as { orders: string[] }
    return order.orders.includes(String(orderId)) ? order : undefined
  })
  expect(shown.orders).toContain(String(orderId))
})

test('behavior: after the buyer cancels, what is done is committed and paid', {
  timeout: 120_000,
}, async () => {
  const orderId = await orderTinyJob(rig, client.machineId, {
    steps: 2400,
    proof: { mode: 'bitwise', draws: 60 },
  })
  await until(async () => ((await readWindowCount(rig.buyer, orderId)) >= 8 ? true : undefined))
  await cancelOrder(rig.buyer, { orderId })
  await client.logged((line) => line.orderId === String(orderId) && line.phase === 'ended')
  await passAudit(rig, orderId)
  const facts = await statusIs(rig, orderId, 'Cancelled')
  expect(facts.paidWei).toBeGreaterThan(0n)
  const windows = await committedWindows(rig, orderId)
  expect(windows).toEqual(windows.map((_, index) => index))
})

import { orderFailed } from '@trainyard/contracts/orderFailed.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { closeReasons } from '@trainyard/contracts/words.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { signEvidence } from '@trainyard/verifier/evidence.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { parseReport } from '@trainyard/verifier/watch/report.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { orderThatNeedsTheSeller } from './orderThatNeedsTheSeller.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'
import { tinyJob } from './tinyJob.ts'

const TICK_MS = 250
const COMMIT_SECONDS = 600
const REVEAL_SECONDS = 600

// A busy machine is slow, which must not look like a fault.
vi.setConfig({ testTimeout: 90_000 })

let net: Devnet
let store: TestStore
let seller: TestSeller
let auditor: TestAuditor
let other: TestAuditor
let ticker: NodeJS.Timeout

beforeAll(async () => {
  // Phases are long, so that a slow machine is never late; tests that wait for one to pass move the clock.
  // Each order is audited by one of two; whom that one accuses the other judges.
  net = await startDevnet({ commitSeconds: COMMIT_SECONDS, revealSeconds: REVEAL_SECONDS, panelSize: 1 })
  store = await startTestStore()
  seller = await startTestSeller(net, store)
  auditor = await createTestAuditor(net, store.url)
  other = await createTestAuditor(net, store.url, { alongside: auditor })
  await Promise.all([auditor.start(), other.start()])
  ticker = setInterval(() => void net.mine().catch(() => undefined), TICK_MS)
})
afterAll(async () => {
  clearInterval(ticker)
  await Promise.all([auditor?.dispose(), other?.dispose()])
  await seller?.close()
  await store?.close()
  await net?.stop()
})

async function settled(orderId: bigint): Promise<OrderFacts> {
  await auditor.until(
    `settled ${orderId}`,
    ({ event, orderId: id }) => event === 'settled' && id === String(orderId),
  )
  return readOrder(seller.account, orderId)
}

async function reportOf(orderId: bigint) {
  const { report } = await auditor.until(
    `published ${orderId}`,
    ({ event, orderId: id }) => event === 'published' && id === String(orderId),
  )
  const cid = String(report)
  const bytes = await fetchContent({ cid, gateway: store.url, maxBytes: 1e6, timeoutMs: 5_000 })
  return parseReport(bytes)
}

/** Ends the seller's time to answer a challenge: nobody does that here. */
async function untilChallenged(orderId: bigint): Promise<string> {
  const { disputeId } = await auditor.until(
    `challenged ${orderId}`,
    ({ event, orderId: id }) => event === 'challenged' && id === String(orderId),
  )
  await net.advance(REVEAL_SECONDS / 4)
  return String(disputeId)
}

function verdictsOf(orderId: bigint) {
  return auditor.lines.filter(({ event, orderId: id }) => event === 'audit' && id === String(orderId))
}

const isOf =
  (orderId: bigint, name: string) =>
  ({ event, orderId: id }: { event?: string; orderId?: string }) =>
    event === name && id === String(orderId)

/**
 * Lets the first panel try in vain until it is too late, and say so; nobody challenges that. Then the larger one, both auditors, is
 * drawn.
 */
async function untilTheLargerPanelSits(orderId: bigint): Promise<void> {
  await auditor.untilStderr(`"orderId":"${orderId}","tries":3`)
  await net.advance(COMMIT_SECONDS / 2)
  await auditor.until('revealed', isOf(orderId, 'revealed'))
  await net.advance(COMMIT_SECONDS / 2 + REVEAL_SECONDS)
  await auditor.until('redrawn', isOf(orderId, 'redrawn'))
  expect(auditor.lines.some(isOf(orderId, 'challenged'))).toBe(false)
}

/** As untilTheLargerPanelSits, and moves the clock to where that, too, has to say what it finds. */
async function untilItIsTooLate(orderId: bigint): Promise<void> {
  await untilTheLargerPanelSits(orderId)
  await net.advance(0.7 * COMMIT_SECONDS)
}

test('default: honest work passes, is settled, and the report is in the store', async () => {
  const orderId = await orderThatNeedsTheSeller(net, seller)
  const order = await settled(orderId)
  expect(order.status).toBe('Completed')
  expect(order.slashedWei).toBe(0n)
  const report = await reportOf(orderId)
  const { segments } = await readDraw(seller.account, orderId)
  expect(report.segments.map(({ segment }) => segment)).toEqual(segments)
  for (const segment of report.segments) {
    expect(segment).toMatchObject({ verdict: 'pass', expected: segment.claimed, tensors: [] })
  }
  expect(verdictsOf(orderId).every(({ verdict, d }) => verdict === 'pass' && d === 0)).toBe(true)
  expect([auditor.address, other.address]).toEqual(expect.arrayContaining([...seller.readers]))
  expect(seller.readers.size).toBeGreaterThan(0)
})

test('behavior: one changed weight in the last segment is a fault, and the report says how far off it is', async () => {
  const { orderId } = await seller.runOrder({
    state: (segment, state) => {
      if (segment === 7) state.params[0]![5]! += 1e-6
    },
  })
  await untilChallenged(orderId)
  const order = await settled(orderId)
  expect(order).toMatchObject({
    status: 'Failed',
    closeReason: closeReasons.FAULT_PROVED,
  })
  // All other segments hold: a part of the stake is slashed.
  expect(order.slashedWei).toBeGreaterThan(order.stakeWei / 10n)
  expect(order.slashedWei).toBeLessThan(order.stakeWei)
  expect(await readAudit(seller.account, orderId)).toMatchObject({ outcome: 'Fault', failedSegment: 7 })
  const failed = (await reportOf(orderId)).segments.filter(({ verdict }) => verdict === 'fail')
  expect(failed).toHaveLength(1)
  expect(failed[0]).toMatchObject({ segment: 7, reason: 'the replay differs in the state after it' })
  expect(failed[0]?.expected).not.toBe(failed[0]?.claimed)
  expect(failed[0]?.tensors.map(({ name }) => name)).toEqual(['w0'])
  expect(failed[0]?.tensors[0]?.maxAbs).toBeGreaterThan(0)
  expect(failed[0]?.tensors[0]?.maxAbs).toBeLessThan(1e-5)
})

/** As on unlike hardware: each number of the model a rounding away. */
const roundOff = (state: TrainState) => {
  for (const tensor of state.params)
    for (const i of tensor.keys()) tensor[i]! *= i % 2 === 0 ? 1 + 2 ** -23 : 1
}
const within = { mode: 'tolerance', draws: 4, e: 1e-4, cosine: 1e-8 } as const

test('default: within a tolerance other bits pass, and what is farther off ends pay unslashed', async () => {
  const job = (plain: CanonicalJob) => ({ ...plain, proof: within })
  const near = await seller.runOrder({ job, state: (_, state) => roundOff(state) })
  expect(await settled(near.orderId)).toMatchObject({ status: 'Completed', slashedWei: 0n })
  const passed = (await reportOf(near.orderId)).segments
  expect(passed.every(({ verdict, expected, claimed }) => verdict === 'pass' && expected !== claimed)).toBe(
    true,
  )

  const far = await seller.runOrder({
    job,
    state: (segment, state) => {
      roundOff(state)
      if (segment === 7) for (const i of state.params[0]!.keys()) state.params[0]![i]! += 1e-3
    },
  })
  await untilChallenged(far.orderId)
  const order = await settled(far.orderId)
  expect(order).toMatchObject({ status: 'Failed', closeReason: closeReasons.MISMATCH, slashedWei: 0n })
  const [failed] = (await reportOf(far.orderId)).segments.filter(({ verdict }) => verdict === 'fail')
  expect(failed).toMatchObject({ segment: 7, reason: expect.stringContaining('outside the tolerance: e is') })
})

test('behavior: a seller that says its job stalls is challenged where the job goes on, and is at fault', async () => {
  const { orderId } = await seller.runOrder({ windows: 1 })
  await net.advance(100) // the second window is late
  await orderFailed(seller.account, { orderId, reason: 'JOB_STALLED' })
  const { segment } = await auditor.until(
    'challenged',
    ({ orderId: id, disputeId }) => id === String(orderId) && disputeId !== undefined,
  )
  expect(segment).toBe(2)
  await untilChallenged(orderId)
  const order = await settled(orderId)
  expect(order).toMatchObject({ status: 'Failed', closeReason: closeReasons.FAULT_PROVED })
  expect(verdictsOf(orderId).every(({ verdict }) => verdict === 'pass')).toBe(true)
  expect(order.paidWei).toBeGreaterThan(0n)
  expect(order.slashedWei).toBeGreaterThan(0n)
})

test('default: an order that resumes from a proved checkpoint passes', async () => {
  const first = await seller.runOrder()
  expect((await settled(first.orderId)).status).toBe('Completed')
  const { orderId } = await seller.runOrder({ resumes: first.orderId })
  expect((await settled(orderId)).status).toBe('Completed')
  expect(verdictsOf(orderId).every(({ verdict }) => verdict === 'pass')).toBe(true)
})

test('behavior: who resumes from other weights than the proved ones is convicted', async () => {
  const first = await seller.runOrder()
  await settled(first.orderId)
  const { orderId } = await seller.runOrder({
    resumes: first.orderId,
    start: (state) => {
      state.params[0]![3]! += 1e-6
    },
  })
  await untilChallenged(orderId)
  expect(await settled(orderId)).toMatchObject({ status: 'Failed', closeReason: 10004, paidWei: 0n })
  const found = (await reportOf(orderId)).segments.find(({ segment }) => segment === 0)
  expect(found).toMatchObject({
    verdict: 'fail',
    reason: 'leaf of segment 0 does not follow from the state before it',
  })
})

test('behavior: who signed another story of a window than it committed is convicted by both, no jury', async () => {
  const { orderId } = await seller.runOrder({
    evidence: (signed) => {
      if (signed.window !== 1) return signed
      const leaves = signed.leaves.map((leaf) => ({ ...leaf, stateRootAfter: leaf.stateRootBefore }))
      return signEvidence(seller.account.wallet, net.deployment, { ...signed, leaves })
    },
  })
  const isIts = ({ event, orderId: id }: { event?: string; orderId?: string }) =>
    event === 'convicted' && id === String(orderId)
  await auditor.until(`convicted ${orderId}`, isIts)
  const order = await readOrder(seller.account, orderId)
  expect(order).toMatchObject({ status: 'Failed', closeReason: 10004, slashedWei: order.stakeWei })
})

test('behavior: a withheld checkpoint is recomputed from the window’s first', async () => {
  const { orderId } = await seller.runOrder({
    checkpoint: (step, bytes) => (step % 8 === 0 ? bytes : undefined),
  })
  expect((await settled(orderId)).status).toBe('Completed')
})

test('behavior: checkpoints of another state are unavailable, after several tries', async () => {
  const orderId = await orderThatNeedsTheSeller(net, seller, { checkpoint: () => seller.served.get('1/32') })
  await untilItIsTooLate(orderId)
  await untilChallenged(orderId)
  const order = await settled(orderId)
  expect(order).toMatchObject({ status: 'Failed', closeReason: 10005 })
  const report = await reportOf(orderId)
  expect(verdictsOf(orderId)).toContainEqual(expect.objectContaining({ segment: 0, verdict: 'pass' }))
  expect(report.segments.find(({ segment }) => segment === 7)).toMatchObject({
    verdict: 'unavailable',
    expected: null,
  })
  const tries = auditor.stderr.filter(
    (line) => line.includes('no verdict yet') && line.includes(`"${orderId}"`),
  )
  expect(tries.length).toBeGreaterThanOrEqual(3)
})

test('behavior: what a seller serves again in time passes in the larger panel, and nobody loses anything', async () => {
  const kept = new Map<number, Uint8Array>()
  const orderId = await orderThatNeedsTheSeller(net, seller, {
    checkpoint: (step, bytes) => void kept.set(step, bytes),
  })
  const stakeOf = async ({ address }: { address: string }) => readBond(seller.account, address)
  const before = await Promise.all([auditor, other, seller.account].map(stakeOf))
  await untilTheLargerPanelSits(orderId)
  for (const [step, bytes] of kept) seller.served.set(`${orderId}/${step}`, bytes)
  expect(await settled(orderId)).toMatchObject({ status: 'Completed', slashedWei: 0n })
  expect(auditor.lines.some(isOf(orderId, 'challenged'))).toBe(false)
  const after = await Promise.all([auditor, other, seller.account].map(stakeOf))
  expect(after.map(({ activeWei }) => activeWei)).toEqual(before.map(({ activeWei }) => activeWei))
})

test('behavior: who serves only once it is challenged, after neither panel was served, is convicted all the same', async () => {
  const kept = new Map<number, Uint8Array>()
  const orderId = await orderThatNeedsTheSeller(net, seller, {
    checkpoint: (step, bytes) => void kept.set(step, bytes),
  })
  await untilItIsTooLate(orderId)
  await auditor.until('challenged', isOf(orderId, 'challenged'))
  for (const [step, bytes] of kept) seller.served.set(`${orderId}/${step}`, bytes)
  await untilChallenged(orderId)
  expect(await settled(orderId)).toMatchObject({ status: 'Failed', closeReason: 10005, paidWei: 0n })
})

test('behavior: evidence that the store does not have is unavailable', async () => {
  const { orderId } = await seller.runOrder({ withheld: [1] })
  await untilItIsTooLate(orderId)
  await untilChallenged(orderId)
  expect(await settled(orderId)).toMatchObject({ status: 'Failed', closeReason: 10005 })
})

test('behavior: a result that only its seller serves is delivered', async () => {
  const { orderId } = await seller.runOrder({ result: 'served' })
  expect((await settled(orderId)).status).toBe('Completed')
})

test('behavior: a model that nobody can have is not paid for', async () => {
  const { orderId } = await seller.runOrder({ result: 'nowhere' })
  await untilItIsTooLate(orderId)
  await untilChallenged(orderId)
  expect(await settled(orderId)).toMatchObject({ status: 'Failed', closeReason: 10005, paidWei: 0n })
  const last = (await reportOf(orderId)).segments.find(({ segment }) => segment === 7)
  expect(last).toMatchObject({ verdict: 'unavailable', expected: last?.claimed })
})

test('behavior: a result that names another model is fraud', async () => {
  const { orderId } = await seller.runOrder({ result: 'another' })
  await untilChallenged(orderId)
  expect(await settled(orderId)).toMatchObject({ status: 'Failed', closeReason: 10004 })
  const last = (await reportOf(orderId)).segments.find(({ segment }) => segment === 7)
  expect(last).toMatchObject({ verdict: 'fail', reason: 'the result is another model' })
})

test('behavior: a store that is down is waited for, and held against nobody', async () => {
  const { orderId } = await seller.runOrder({ beforeEnd: () => Object.assign(store, { down: true }) })
  await auditor.untilStderr('the store does not answer')
  store.down = false
  expect((await settled(orderId)).status).toBe('Completed')
})

test('behavior: evidence whose leaves are not those of the root on chain is fraud', async () => {
  const { orderId } = await seller.runOrder({
    evidence: (signed) =>
      signed.window === 2 ? { ...signed, leaves: [...signed.leaves].reverse() } : signed,
  })
  await untilChallenged(orderId)
  expect(await settled(orderId)).toMatchObject({ status: 'Failed', closeReason: 10004 })
  const last = (await reportOf(orderId)).segments.find(({ segment }) => segment === 7)
  expect(last).toMatchObject({ verdict: 'fail', reason: 'the leaves do not give the root on chain' })
})

test('behavior: what the buyer names as the job’s CID is not looked at', async () => {
  const other = await addBytes(canonicalBytes({ ...tinyJob('bafkqaaa'), name: 'another' }))
  await putBlocks(store.url, other.blocks)
  for (const jobCid of [other.cid, 'no CID']) {
    const { orderId } = await seller.runOrder({ jobCid })
    expect(await settled(orderId)).toMatchObject({ status: 'Completed', slashedWei: 0n })
  }
})

test('behavior: work for a job that contradicts its order is not provable', async () => {
  const { orderId } = await seller.runOrder({ job: (job) => ({ ...job, steps: 64 }) })
  await untilChallenged(orderId)
  expect(await settled(orderId)).toMatchObject({ closeReason: 10004 })
  const [first] = (await reportOf(orderId)).segments
  expect(first).toMatchObject({ verdict: 'fail', reason: 'the job contradicts the terms of the order' })
})

import { bond } from '@trainyard/contracts/bond.ts'
import { challenge } from '@trainyard/contracts/challenge.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { findings } from '@trainyard/contracts/findings.ts'
import { orderFailed } from '@trainyard/contracts/orderFailed.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readBallot } from '@trainyard/contracts/readBallot.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readChallengeBond } from '@trainyard/contracts/readChallengeBond.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readDueAt } from '@trainyard/contracts/readDueAt.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { until } from '../../client/rig/until.ts'
import type { How } from '../../fixtures/replayers/standIn.ts'
import { imageJobOf, standInReplayer } from '../../helpers/imageBundle.ts'
import { type Scene, startScene } from './startScene.ts'

const TICK_MS = 1_000
const CLASS = 'epyc'
const COMMIT_SECONDS = 600
const REVEAL_SECONDS = 600
vi.setConfig({ testTimeout: 300_000 })

let scene: Scene
afterEach(() => scene?.stop())

/** One audits and challenges, three judge; all replay an image that does what `how` says. No board. */
async function begin(how: How): Promise<void> {
  const parameters = { commitSeconds: COMMIT_SECONDS, revealSeconds: REVEAL_SECONDS, panelSize: 1 }
  const image = { hardwareClass: CLASS, replayer: standInReplayer(how) }
  scene = await startScene({ parameters, auditors: 4, tickMs: TICK_MS, board: false, ...image })
}

type ImageJob = ReturnType<typeof imageJobOf>
const imageOf =
  (more: object = {}) =>
  (plain: CanonicalJob): ImageJob => ({
    ...imageJobOf(plain),
    model: { kind: 'standIn', layers: plain.model.layers.join('-'), ...more },
  })

const bondOf = async (account: { address: string }) =>
  (await readBond(scene.seller.account, account.address)).activeWei

/** The first dispute that an auditor opens about an order. */
async function challengedByAuditor(orderId: bigint): Promise<bigint> {
  const challenged = scene.auditors.map((auditor) =>
    auditor.until('challenged', ({ event, orderId: of }) => event === 'challenged' && of === String(orderId)),
  )
  for (const other of challenged) other.catch(() => {})
  return BigInt((await Promise.any(challenged)).disputeId!)
}

/** Waits until the jury decided: nobody answers for the seller, and without a board votes are sealed on chain at the last. */
async function decided(disputeId: bigint): Promise<void> {
  await scene.net.advance(REVEAL_SECONDS / 4)
  const { jury } = await until(async () => {
    const dispute = await readDispute(scene.seller.account, disputeId)
    return dispute.stage === 'Voting' && dispute.sealDeadline > 0 ? dispute : undefined
  }, 120_000)
  await scene.net.advance(REVEAL_SECONDS / 4)
  await until(async () => {
    const ballots = jury.map((juror) => readBallot(scene.seller.account, { disputeId, juror }))
    return (await Promise.all(ballots)).every(({ commitment }) => BigInt(commitment) !== 0n)
      ? true
      : undefined
  }, 120_000)
  await scene.net.advance(REVEAL_SECONDS / 12)
  await until(async () => {
    const { stage } = await readDispute(scene.seller.account, disputeId)
    return stage === 'Closed' ? true : undefined
  }, 120_000)
}

async function settled(orderId: bigint) {
  return until(async () => {
    const order = await readOrder(scene.seller.account, orderId)
    return order.settledAt === 0 ? undefined : { ...order, reason: closeReasonName(order.closeReason) }
  }, 200_000)
}

/** An honest run of the image, for which its seller does not vouch; to the end of its dispute. */
async function disputed() {
  const { orderId } = await scene.seller.runOrder({ job: imageOf(), vouched: false })
  const bondWei = await bondOf(scene.seller.account)
  await decided(await challengedByAuditor(orderId))
  return { ...(await settled(orderId)), lostWei: bondWei - (await bondOf(scene.seller.account)) }
}

test('behavior: an image that replays otherwise ends its order unslashed where nobody vouched for it', async () => {
  await begin('differs')
  const { status, reason, slashedWei, lostWei } = await disputed()
  expect([status, reason, slashedWei, lostWei]).toEqual(['Failed', 'MISMATCHES', 0n, 0n])
})

test('behavior: an image that replays otherwise each time is not deterministic, which is its buyer’s doing', async () => {
  await begin('differsEachTime')
  const { status, reason, slashedWei, lostWei } = await disputed()
  expect([status, reason, slashedWei, lostWei]).toEqual(['Failed', 'JURY_DIFFERED', 0n, 0n])
})

/** An order of which its seller commits one window, of two segments, and says then that the job stalls. */
async function saidToStall(model: object = {}): Promise<bigint> {
  const { orderId } = await scene.seller.runOrder({ job: imageOf(model), windows: 1 })
  const [dueAt, { timestamp }] = await Promise.all([
    readDueAt(scene.seller.account, orderId),
    readHead(scene.seller.account),
  ])
  await scene.net.advance(dueAt - timestamp)
  await orderFailed(scene.seller.account, { orderId, reason: 'JOB_STALLED' })
  return orderId
}

test('behavior: a seller that says its job stalls where it goes on is at fault', async () => {
  await begin('honest')
  const orderId = await saidToStall()
  const bondWei = await bondOf(scene.seller.account)
  const disputeId = await challengedByAuditor(orderId)
  expect(await readDispute(scene.seller.account, disputeId)).toMatchObject({
    segment: 2,
    sellerRoot: findings.stalled,
  })
  await decided(disputeId)
  const { reason, slashedWei, paidWei } = await settled(orderId)
  expect(reason).toBe('FAULT_PROVED')
  expect([slashedWei > 0n, bondWei - (await bondOf(scene.seller.account)) >= slashedWei]).toEqual([
    true,
    true,
  ])
  expect(paidWei).toBeGreaterThan(0n) // the window that it did
})

test('behavior: a jury finds that a job stalls which does, at the cost of whoever said otherwise', async () => {
  await begin('honest')
  const orderId = await saidToStall({ stallsAfter: 8 })
  const sellerWei = await bondOf(scene.seller.account)
  const liar = await scene.net.account(5)
  const bondWei = await readChallengeBond(liar, orderId)
  await deposit(liar, { amountWei: bondWei })
  await bond(liar, { amountWei: bondWei })
  const { disputeId } = await challenge(liar, { orderId, segment: 2 })
  await decided(disputeId)
  expect([(await readOrder(liar, orderId)).status, await bondOf(liar)]).toEqual(['Auditing', 0n])

  // The panel's auditor waits for the job until a third of its time is left, by the chain's clock.
  const { deadlineAt } = await readAudit(liar, orderId)
  await scene.net.advance(deadlineAt - (await readHead(liar)).timestamp - COMMIT_SECONDS / 4)
  const { status, reason, slashedWei, paidWei } = await settled(orderId)
  expect([status, reason, slashedWei]).toEqual(['Failed', 'JOB_STALLED', 0n])
  expect(paidWei).toBeGreaterThan(0n)
  expect(await bondOf(scene.seller.account)).toBe(sellerWei)
})

import { readBond } from '@trainyard/contracts/readBond.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { until } from '../../client/rig/until.ts'
import type { How } from '../../fixtures/replayers/standIn.ts'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { imageJobOf, standInReplayer } from '../../helpers/imageBundle.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'

const TICK_MS = 1_000
const CLASS = 'epyc'
const REVEAL_SECONDS = 600
vi.setConfig({ testTimeout: 300_000 })

let net: Devnet
let store: TestStore
let seller: TestSeller
let auditors: TestAuditor[]
let ticker: NodeJS.Timeout

/** One audits and challenges, three judge; all replay an image that does what `how` says. */
async function startScene(how: How): Promise<void> {
  net = await startDevnet({ commitSeconds: 600, revealSeconds: REVEAL_SECONDS, panelSize: 1 })
  store = await startTestStore()
  seller = await startTestSeller(net, store, undefined, CLASS)
  const replayer = standInReplayer(how)
  auditors = await Promise.all(
    [0, 1, 2, 3].map(() => createTestAuditor(net, store.url, { hardwareClass: CLASS, replayer })),
  )
  await Promise.all(auditors.map((auditor) => auditor.start()))
  ticker = setInterval(() => void net.mine().catch(() => undefined), TICK_MS)
}
afterEach(async () => {
  clearInterval(ticker)
  await Promise.all((auditors ?? []).map((auditor) => auditor.dispose()))
  await seller?.close()
  await store?.close()
  await net?.stop()
})

/** An honest run of the image, for which its seller does not vouch; to the end of its dispute. */
async function disputed() {
  const job = (plain: CanonicalJob) => ({
    ...imageJobOf(plain),
    model: { kind: 'standIn', layers: plain.model.layers.join('-') },
  })
  const { orderId } = await seller.runOrder({ job, vouched: false })
  const { activeWei } = await readBond(seller.account, seller.account.address)
  const challenged = auditors.map((auditor) =>
    auditor.until('challenged', ({ event, orderId: of }) => event === 'challenged' && of === String(orderId)),
  )
  const disputeId = BigInt((await Promise.any(challenged)).disputeId!)
  for (const other of challenged) other.catch(() => {})
  await net.advance(REVEAL_SECONDS / 4) // nobody answers for the seller
  // A store without a board: the jurors seal their votes on chain, and open them when that time is over.
  await until(async () => {
    const { stage, sealDeadline } = await readDispute(seller.account, disputeId)
    return stage === 'Voting' && sealDeadline > 0 ? true : undefined
  }, 120_000)
  await net.advance(REVEAL_SECONDS / 4)
  const order = await until(async () => {
    const facts = await readOrder(seller.account, orderId)
    return facts.settledAt === 0 ? undefined : facts
  }, 200_000)
  const lostWei = activeWei - (await readBond(seller.account, seller.account.address)).activeWei
  return { reason: closeReasonName(order.closeReason), order, lostWei }
}

test('behavior: an image that replays otherwise ends its order unslashed where nobody vouched for it', async () => {
  await startScene('differs')
  const { reason, order, lostWei } = await disputed()
  expect([order.status, reason, order.slashedWei, lostWei]).toEqual(['Failed', 'MISMATCH', 0n, 0n])
})

test('behavior: an image that replays otherwise each time is not deterministic, which is its buyer’s doing', async () => {
  await startScene('differsEachTime')
  const { reason, order, lostWei } = await disputed()
  expect([order.status, reason, order.slashedWei, lostWei]).toEqual(['Failed', 'JURY_DIFFERED', 0n, 0n])
})

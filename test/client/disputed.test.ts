import { bond } from '@trainyard/contracts/bond.ts'
import { challenge } from '@trainyard/contracts/challenge.ts'
import { challengeSteps } from '@trainyard/contracts/challengeSteps.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { findings } from '@trainyard/contracts/findings.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { parseEvidence } from '@trainyard/verifier/evidence.ts'
import { windowPath } from '@trainyard/verifier/segment.ts'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signedBallot } from '../helpers/signedBallot.ts'
import { orderTinyJob, statusIs } from './rig/orders.ts'
import { passAudit } from './rig/passAudit.ts'
import { startClient } from './rig/startClient.ts'
import { type Rig, startRig } from './rig/startRig.ts'
import { until } from './rig/until.ts'

const TIMEOUT_MS = 150_000
const SEGMENT = 1

let rig: Rig
let liar: Rig['buyer']
beforeAll(async () => {
  rig = await startRig({ commitSeconds: 600, revealSeconds: 600 })
  liar = await rig.devnet.account(4)
  await deposit(liar, { amountWei: parseEther('100') })
  await bond(liar, { amountWei: parseEther('100') })
})
afterAll(() => rig?.stop())

/** A segment's leaf as it was committed, for a challenge. */
async function claimOf(orderId: bigint, segment: number) {
  const window = (await readWindow(rig.buyer, orderId, 0))!
  const { evidence: cid, root, segments, lastStateRoot } = window
  const args = { cid, gateway: rig.market.url, maxBytes: 1e6, timeoutMs: 10_000 }
  const { leaves } = parseEvidence(await fetchContent(args))
  const leaf = leaves[segment]!
  const path = windowPath(leaves, segment)
  return { leaf: { ...leaf, orderId: BigInt(leaf.orderId) }, root, segments, lastStateRoot, path }
}

const word = (text: string) => `0x${text.repeat(32)}`

/** The one seated auditor is the whole jury. */
async function juryFinds(disputeId: bigint, found: string): Promise<void> {
  await until(async () => ((await readDispute(rig.buyer, disputeId)).stage === 'Drawing' ? true : undefined))
  await until(() =>
    drawJury(rig.auditor, { disputeId }).then(
      () => true,
      () => undefined,
    ),
  )
  const { round } = await readDispute(rig.buyer, disputeId)
  await resolve(rig.auditor, {
    disputeId,
    ballots: [await signedBallot(rig.auditor, { disputeId, round, found })],
  })
}

test('behavior: a false challenge by steps is answered with the daemon’s own, refuted, and the order completes', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { config, address } = await rig.seller('accused', { checkpointMegabytes: 0 })
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await statusIs(rig, orderId, 'Auditing')
    const claim = await claimOf(orderId, SEGMENT)
    const steps = claim.leaf.lastStep - claim.leaf.firstStep
    const roots = Array.from({ length: steps }, (_, i) => word(i.toString(16).padStart(2, '0')))
    const { disputeId } = await challengeSteps(liar, { orderId, claim, roots })
    await statusIs(rig, orderId, 'Disputed')
    await client.logged(({ msg }) => msg === 'answered a challenge')
    // All of the liar's roots are wrong: the first step is the one to judge.
    const narrowed = await readDispute(rig.buyer, disputeId)
    expect(narrowed).toMatchObject({ step: 1, challengerRoot: roots[0] })
    expect(narrowed.sellerRoot).not.toBe(claim.leaf.stateRootAfter)
    const before = await readBond(rig.buyer, address)
    await juryFinds(disputeId, narrowed.sellerRoot)
    expect((await readBond(rig.buyer, liar.address)).activeWei).toBe(parseEther('100') - narrowed.bondWei)
    expect((await readBond(rig.buyer, address)).activeWei).toBe(before.activeWei)
    await passAudit(rig, orderId)
    await statusIs(rig, orderId, 'Completed')
    expect(client.log.filter(({ msg }) => msg?.includes('had not replayed'))).toEqual([])
    expect(await hasSeat(rig.buyer, hardwareClassOf('canonical'), rig.auditor.address)).toBe(true)
  } finally {
    await client.kill()
  }
})

test('behavior: a challenge without steps is answered too, and a jury that cannot be served convicts', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { config } = await rig.seller('withholding')
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await statusIs(rig, orderId, 'Auditing')
    const { disputeId } = await challenge(liar, { orderId, segment: SEGMENT })
    await client.logged(({ msg, orderId: id }) => msg === 'answered a challenge' && id === String(orderId))
    await juryFinds(disputeId, findings.unavailable)
    expect(await statusIs(rig, orderId, 'Failed')).toMatchObject({ closeReason: 10005, paidWei: 0n })
  } finally {
    await client.kill()
  }
})

// Last: it is the only auditor's seat.
test('behavior: who passes an honest order without a replay loses its seat to the seller’s daemon', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { config, address } = await rig.seller('watchful')
  const client = await startClient(config)
  try {
    const orderId = await orderTinyJob(rig, client.machineId)
    await statusIs(rig, orderId, 'Auditing')
    await passAudit(rig, orderId, true)
    await client.logged(({ msg }) => msg === 'an auditor had not replayed, and lost its seat')
    expect(await hasSeat(rig.buyer, hardwareClassOf('canonical'), rig.auditor.address)).toBe(false)
    expect(await readFree(rig.buyer, address)).toBeGreaterThanOrEqual(devnetParameters.seatStakeWei / 10n)
    // What was passed stays passed: the work is honest.
    await statusIs(rig, orderId, 'Completed')
  } finally {
    await client.kill()
  }
})

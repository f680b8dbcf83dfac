import { answer } from '@trainyard/contracts/answer.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { findings } from '@trainyard/contracts/findings.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import type { Dispute, DisputePayment } from '@trainyard/market-ui/api/schemas.ts'
import { narrow } from '@trainyard/verifier/dispute/narrow.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getActivity, getDispute, getDisputes, getOrder } from './getJson.ts'
import {
  ANSWER_SECONDS,
  auditedOrder,
  ballotsOf,
  challengeSceneSteps,
  challengeSegment,
  decide,
  drawAnsweredJury,
  drawScenesJury,
  sealVotes,
  unhurried,
  VOTE_SECONDS,
} from './sceneDispute.ts'
import { sceneState } from './sceneLeaves.ts'
import { type Scene, startScene } from './startScene.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const TIMEOUT_MS = 120_000

let scene: Scene
let server: TestServer
beforeAll(async () => {
  scene = await startScene('http://127.0.0.1:9', unhurried)
  server = await startTestServer({ rpc: scene.net.rpcUrl, deployment: scene.deploymentPath })
}, TIMEOUT_MS)
afterAll(async () => {
  await server?.close()
  await scene?.stop()
})

const dispute = (disputeId: bigint, isWanted: (found: Dispute) => boolean) =>
  waitFor(
    () => getDispute(server.url, disputeId),
    (found) => 'id' in found && isWanted(found), // a problem while it is not followed yet
    60_000,
  )
const order = (orderId: bigint, isWanted: (found: Awaited<ReturnType<typeof getOrder>>) => boolean) =>
  waitFor(() => getOrder(server.url, orderId), isWanted, 60_000)
const orderWith = async (status: string): Promise<bigint> => {
  const orderId = await auditedOrder(scene)
  await order(orderId, (found) => found.status === status)
  return orderId
}
const amounts = (payments: readonly DisputePayment[]) =>
  Object.fromEntries(payments.map(({ kind, amountWei }) => [kind, BigInt(amountWei)]))

describe('disputes followed', () => {
  it(
    'default: from a challenge over silence and votes to a conviction, each with its transaction',
    async () => {
      const orderId = await orderWith('Auditing')
      const disputeId = await challengeSegment(scene, orderId, 7)
      const disputed = await order(orderId, ({ status }) => status === 'Disputed')
      expect(disputed.disputes).toMatchObject([
        {
          id: String(disputeId),
          challenger: scene.auditors[0]!.address,
          segment: 7,
          firstStep: 224,
          lastStep: 256,
          step: 0,
          answer: null,
          sellerRoot: 'valid',
          challengerRoot: null,
          bondWei: String(2n * 10n ** 18n),
          isBondHeld: true,
          round: 0,
          stage: 'Answering',
          jury: [],
          found: null,
          sellerWins: null,
        },
      ])
      expect(disputed.disputes[0]!.deadlineAt).toBeGreaterThan(disputed.endedAt)
      expect(await getDisputes(server.url)).toEqual({ disputes: disputed.disputes, total: 1 })

      await scene.net.advance(ANSWER_SECONDS) // no event says that the seller's time is over
      await dispute(disputeId, ({ stage }) => stage === 'Drawing')
      await drawJury(scene.buyer, { disputeId })
      const jury = await drawAnsweredJury(scene, disputeId)
      const voting = await dispute(disputeId, ({ stage }) => stage === 'Voting')
      expect(voting.jury).toEqual(
        jury.map((juror) => ({ juror, found: null, isSealed: false, othersHold: null, txHash: null })),
      )

      const [first, second] = await ballotsOf(scene, jury, { disputeId, round: 0, found: findings.unusable })
      await sealVotes(scene, { disputeId, round: 0, found: findings.unusable }, [first!, second!])
      const sealed = await dispute(disputeId, ({ jury: [, two] }) => two!.isSealed)
      expect(sealed.jury.map(({ found }) => found)).toEqual([null, null])
      await resolve(scene.buyer, { disputeId, ballots: [first!] })
      const halfway = await dispute(disputeId, ({ jury: [one] }) => one?.found === 'unusable')
      expect(halfway).toMatchObject({ stage: 'Voting', found: null, jury: [{}, { found: null }] })
      await resolve(scene.buyer, { disputeId, ballots: [second!] })

      const failed = await order(orderId, ({ status }) => status === 'Failed')
      expect(failed).toMatchObject({
        closeReason: 'FRAUD_PROVED',
        audit: { outcome: 'Fail', failedSegment: 7 },
        disputes: [{ stage: 'Closed', found: 'unusable', sellerWins: false, isBondHeld: false }],
      })
      const closed = await dispute(disputeId, ({ found }) => found !== null)
      expect(closed.jury.map(({ found }) => found)).toEqual(['unusable', 'unusable'])
      expect(closed.entries.map(({ name }) => name)).toEqual([
        'Challenged',
        'JuryDrawn',
        'BallotSealed',
        'BallotSealed',
        'BallotCast',
        'BallotCast',
        'DisputeClosed',
      ])
      for (const { txHash } of closed.entries)
        expect((await scene.net.provider.getTransactionReceipt(txHash))?.to).toBe(
          scene.net.deployment.disputes,
        )
      expect(failed.timeline.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['Challenged', 'JuryDrawn', 'BallotCast', 'DisputeClosed']),
      )
      const moved = amounts(closed.payments)
      expect(moved['bond held']).toBe(moved['bond returned'])
      expect(moved['slashed from seller']).toBe(BigInt(failed.slashedWei))
      expect(moved['slashed from seller']).toBe(
        moved['of that, to payer']! + moved['of that, to those who proved it']! + moved['of that, burned']!,
      )
      expect(await getDisputes(server.url)).toEqual({ disputes: [], total: 0 })
      const { activity } = await getActivity(server.url)
      expect(activity.find(({ name }) => name === 'BallotCast')).toMatchObject({
        orderId: String(orderId),
        account: jury[1],
        detail: 'found unusable',
      })
    },
    TIMEOUT_MS,
  )

  it(
    'default: step roots narrow it to one step; a refuted challenger loses the bond and the audit goes on',
    async () => {
      const orderId = await orderWith('Auditing')
      const { disputeId, roots, sellerRoots } = await challengeSceneSteps(scene, orderId, 3, 11)
      const opened = await dispute(disputeId, ({ stage }) => stage === 'Answering')
      expect(opened).toMatchObject({ step: 32, sellerRoot: sceneState(128), challengerRoot: roots[31] })
      await answer(scene.seller, { disputeId, narrowing: narrow(sellerRoots, roots) })
      const narrowed = await dispute(disputeId, (found) => found.answer === 'steps')
      expect(narrowed).toMatchObject({
        step: 11,
        agreedRoot: sceneState(106),
        sellerRoot: sceneState(107),
        challengerRoot: roots[10],
        stage: 'Drawing',
      })
      const jury = await drawAnsweredJury(scene, disputeId)
      await decide(scene, jury, { disputeId, round: 0, found: sellerRoots[10]! })
      const closed = await dispute(disputeId, ({ stage }) => stage === 'Closed')
      expect(closed).toMatchObject({ found: sellerRoots[10], sellerWins: true, isBondHeld: false })
      const bondWei = BigInt(closed.bondWei)
      expect(amounts(closed.payments)).toEqual({
        'bond held': bondWei,
        'bond lost': bondWei,
        'of that, to jurors': bondWei / 2n,
        'of that, to seller': bondWei / 4n,
        'of that, burned': bondWei / 4n,
      })
      await order(orderId, ({ status }) => status === 'Auditing')
      await endOf(orderId)
    },
    TIMEOUT_MS,
  )

  it(
    'behavior: a conviction closes the other disputes of the order, whose bonds wait for a call',
    async () => {
      const orderId = await orderWith('Auditing')
      const [first, other] = [
        await challengeSegment(scene, orderId, 1),
        await challengeSegment(scene, orderId, 2),
      ]
      await order(orderId, ({ disputes }) => disputes.length === 2)
      const jury = await drawScenesJury(scene, first)
      const snapshot: unknown = await scene.net.provider.send('evm_snapshot', [])
      await decide(scene, jury, { disputeId: first, round: 0, found: findings.unusable })
      await dispute(other, ({ stage }) => stage === 'Closed')
      await scene.net.provider.send('evm_revert', [snapshot]) // no event of the other was undone, yet it is open again
      await scene.net.mine(4)
      await dispute(other, ({ stage }) => stage === 'Answering')
      await decide(scene, jury, { disputeId: first, round: 0, found: findings.unavailable })
      const left = await dispute(other, ({ stage }) => stage === 'Closed')
      expect(left).toMatchObject({ found: null, sellerWins: null, isBondHeld: true })
      expect(await getOrder(server.url, orderId)).toMatchObject({ closeReason: 'CHECKPOINTS_UNAVAILABLE' })
      await resolve(scene.buyer, { disputeId: other, ballots: [] })
      const returned = await dispute(other, ({ isBondHeld }) => !isBondHeld)
      expect(returned.payments.map(({ kind }) => kind)).toEqual(['bond held', 'bond returned'])
    },
    TIMEOUT_MS,
  )

  it(
    'behavior: a jury that does not agree is drawn anew, and its votes are not those of the next',
    async () => {
      const orderId = await orderWith('Auditing')
      const disputeId = await challengeSegment(scene, orderId, 5)
      const jury = await drawScenesJury(scene, disputeId)
      const [vote] = await ballotsOf(scene, jury.slice(0, 1), { disputeId, round: 0, found: findings.valid })
      await sealVotes(scene, { disputeId, round: 0, found: findings.valid }, [vote!])
      await resolve(scene.buyer, { disputeId, ballots: [vote!] })
      await dispute(disputeId, (found) => found.jury[0]?.found === 'valid')
      await scene.net.advance(VOTE_SECONDS)
      await resolve(scene.buyer, { disputeId, ballots: [] })
      expect(await dispute(disputeId, ({ round }) => round === 1)).toMatchObject({
        stage: 'Drawing',
        jury: [],
        found: null,
      })
      const next = await drawAnsweredJury(scene, disputeId)
      const again = await dispute(disputeId, ({ stage }) => stage === 'Voting')
      expect(again.jury.map(({ found }) => found)).toEqual(next.map(() => null))
      await decide(scene, next, { disputeId, round: 1, found: findings.unusable })
      await order(orderId, ({ status }) => status === 'Failed')
    },
    TIMEOUT_MS,
  )

  it(
    'behavior: a dispute that a reorganised chain no longer holds is forgotten, also over a restart',
    async () => {
      const orderId = await orderWith('Auditing')
      const snapshot: unknown = await scene.net.provider.send('evm_snapshot', [])
      const disputeId = await challengeSegment(scene, orderId, 5)
      await dispute(disputeId, ({ segment }) => segment === 5)
      const { dataDir } = server
      await server.close()
      await scene.net.provider.send('evm_revert', [snapshot])
      await scene.net.mine(6)
      const options = { rpc: scene.net.rpcUrl, deployment: scene.deploymentPath, dataDir }
      server = await startTestServer(options)
      const audited = await order(orderId, ({ status }) => status === 'Auditing')
      expect(audited.disputes).toEqual([])
      expect(audited.timeline.map(({ name }) => name)).not.toContain('Challenged')
      expect((await fetch(`${server.url}/api/disputes/${disputeId}`)).status).toBe(404)
      expect(await getDisputes(server.url)).toEqual({ disputes: [], total: 0 })

      const instead = await challengeSegment(scene, orderId, 9)
      expect(instead).toBe(disputeId)
      await dispute(instead, ({ segment }) => segment === 9)
      await server.close()
      server = await startTestServer(options) // what is open is read again after a restart
      const jury = await drawScenesJury(scene, instead)
      await decide(scene, jury, { disputeId: instead, round: 0, found: findings.valid })
      const closed = await dispute(instead, ({ stage }) => stage === 'Closed')
      expect(closed).toMatchObject({ found: 'valid', sellerWins: true, orderId: String(orderId) })
    },
    TIMEOUT_MS,
  )
})

/** So that its machine is free for the next order. */
const endOf = async (orderId: bigint): Promise<void> => {
  await scene.audit(orderId, () => 'pass')
  await scene.settle(orderId)
  await order(orderId, ({ status }) => status === 'Completed')
}

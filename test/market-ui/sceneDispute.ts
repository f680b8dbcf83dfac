import { answer } from '@trainyard/contracts/answer.ts'
import { ballotCommitment } from '@trainyard/contracts/ballotCommitment.ts'
import { challenge } from '@trainyard/contracts/challenge.ts'
import { challengeSteps } from '@trainyard/contracts/challengeSteps.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { type Ballot, resolve } from '@trainyard/contracts/resolve.ts'
import { sealBallots } from '@trainyard/contracts/sealBallots.ts'
import { windowPath, windowRoot } from '@trainyard/verifier/segment.ts'
import { id } from 'ethers'
import { signedBallot } from '../helpers/signedBallot.ts'
import { sampleJob, sampleResult } from './sampleJob.ts'
import { sceneLeaves, sceneState } from './sceneLeaves.ts'
import type { Scene } from './startScene.ts'

/** Phases so long that no test on a busy machine misses one; who wants a deadline over moves the clock. */
export const unhurried = { commitSeconds: 3_600, revealSeconds: 3_600 }
export const ANSWER_SECONDS = unhurried.revealSeconds / 4
export const VOTE_SECONDS = unhurried.revealSeconds / 2

/** An order that was trained to the end and is audited now. */
export const auditedOrder = async (scene: Scene): Promise<bigint> => {
  const orderId = await scene.place(sampleJob)
  await scene.start(orderId)
  await scene.commit(orderId, [0, 1, 2, 3, 4, 5, 6, 7])
  await scene.complete(orderId, sampleResult.cid)
  return orderId
}

/** The first auditor says that a segment does not hold; with that, the jury is the two others. */
export const challengeSegment = async (scene: Scene, orderId: bigint, segment: number): Promise<bigint> =>
  (await challenge(scene.auditors[0]!, { orderId, segment })).disputeId

/** State root after a step by another replay than the seller's: it differs from `from` on. */
const replayedState = (step: number, from: number): string =>
  step < from ? sceneState(step) : id(`replayed ${step}`)

/** The first auditor posts its step roots of a segment, other than the seller's from the `from`th step on. */
export const challengeSceneSteps = async (
  scene: Scene,
  orderId: bigint,
  segment: number,
  from: number,
): Promise<{ disputeId: bigint; roots: string[]; sellerRoots: string[] }> => {
  const leaves = sceneLeaves(orderId, scene.seller.address, Math.floor(segment / 5))
  const leaf = leaves[segment % 5]!
  const steps = Array.from({ length: leaf.lastStep - leaf.firstStep }, (_, i) => leaf.firstStep + i + 1)
  const roots = steps.map((step) => replayedState(step, leaf.firstStep + from))
  const claim = {
    leaf: { ...leaf, orderId },
    root: windowRoot(leaves),
    segments: leaves.length,
    lastStateRoot: leaves.at(-1)!.stateRootAfter,
    path: windowPath(leaves, segment % 5),
  }
  const { disputeId } = await challengeSteps(scene.auditors[0]!, { orderId, claim, roots })
  return { disputeId, roots, sellerRoots: steps.map(sceneState) }
}

/** The seller answers that all is served, and the jury is drawn. Returns it. */
export const drawScenesJury = async (scene: Scene, disputeId: bigint): Promise<readonly string[]> => {
  await answer(scene.seller, { disputeId })
  return drawAnsweredJury(scene, disputeId)
}

export const drawAnsweredJury = async (scene: Scene, disputeId: bigint): Promise<readonly string[]> => {
  await scene.net.mine(3)
  await drawJury(scene.buyer, { disputeId })
  return (await readDispute(scene.buyer, disputeId)).jury
}

type SceneVote = { disputeId: bigint; round: number; found: string; othersHold?: boolean }

/** Jurors' opened votes with their signatures. */
export const ballotsOf = (scene: Scene, jury: readonly string[], vote: SceneVote): Promise<Ballot[]> =>
  Promise.all(
    jury.map((juror) => signedBallot(scene.auditors.find(({ address }) => address === juror)!, vote)),
  )

/** What the board and the chain are told before votes are opened. */
export const commitmentOf = ({ disputeId, round }: SceneVote, { signature, ...vote }: Ballot) => ({
  ...{ juror: vote.juror, signature },
  commitment: ballotCommitment({ disputeId, round, ...vote }),
})

/** Seals votes on chain and waits until they can be opened there one by one. */
export const sealVotes = async (scene: Scene, vote: SceneVote, ballots: readonly Ballot[]): Promise<void> => {
  const { disputeId } = vote
  await sealBallots(scene.buyer, { disputeId, ballots: ballots.map((ballot) => commitmentOf(vote, ballot)) })
  const { sealDeadline } = await readDispute(scene.buyer, disputeId)
  await scene.net.advance(sealDeadline - (await readHead(scene.buyer)).timestamp)
}

/** All of a jury find the same, and anybody hands that in. */
export const decide = async (scene: Scene, jury: readonly string[], vote: SceneVote): Promise<void> => {
  await resolve(scene.buyer, {
    disputeId: vote.disputeId,
    ballots: await ballotsOf(scene, jury, vote),
  })
}

import { randomBytes } from 'node:crypto'
import { ballotCommitment, type Vote } from '@trainyard/contracts/ballotCommitment.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { proveTwoBallots } from '@trainyard/contracts/proveTwoBallots.ts'
import { readBallot } from '@trainyard/contracts/readBallot.ts'
import { type DisputeFacts, readDispute } from '@trainyard/contracts/readDispute.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readOrderParameters } from '@trainyard/contracts/readOrderParameters.ts'
import { type Ballot, resolve } from '@trainyard/contracts/resolve.ts'
import { sealBallots } from '@trainyard/contracts/sealBallots.ts'
import { signBallot } from '@trainyard/contracts/signBallot.ts'
import type { BallotNote } from '../ballotNote.ts'
import { toHex } from '../hash/hex.ts'
import type { Auditor } from './auditor.ts'
import { exchangeBallot } from './ballotBoard.ts'
import type { DisputeWatch } from './disputeWatch.ts'
import { isSame } from './isSame.ts'
import { judge } from './judge.ts'
import { NotYet } from './NotYet.ts'
import type { Head } from './stepOrder.ts'

const RETRY_MS = 1_000
const TURN_MS = 4_000
const NONE = /^0x0{64}$/

type Turn = {
  readonly vote: Vote
  readonly seat: number
  /** votes are still sealed, and the time for it is nearly over */
  readonly isLate: boolean
  readonly isSealing: boolean
}

/**
 * A juror's part: judges, journals its vote before anybody hears of it, binds itself by a signed commitment, and opens it
 * once the whole jury is bound: then one of them hands all in. Where somebody is missing it seals its commitment on chain
 * in time and opens it there.
 */
export async function giveBallot(
  auditor: Auditor,
  watch: DisputeWatch,
  dispute: DisputeFacts,
  head: Head,
): Promise<void> {
  const { account, journal } = auditor
  const seat = dispute.jury.findIndex((juror) => isSame(juror, account))
  if (seat === -1 || Date.now() < watch.retryAtMs) return
  watch.retryAtMs = Date.now() + RETRY_MS
  const { disputeId } = watch
  const { revealSeconds } = await readOrderParameters(auditor.context, dispute.orderId)
  const leftMs = Math.max(0, (dispute.sealDeadline - head.timestamp) * 1_000)
  const isLate = leftMs < (revealSeconds * 1_000) / 9
  const vote =
    journal.voteOf(disputeId, dispute.round) ?? (await find(auditor, watch, dispute, { leftMs, isLate }))
  if (vote) await cast(auditor, watch, dispute, { vote, seat, isLate, isSealing: leftMs > 0 })
}

/** Undefined: not known yet. */
async function find(
  auditor: Auditor,
  watch: DisputeWatch,
  dispute: DisputeFacts,
  { leftMs, isLate }: { leftMs: number; isLate: boolean },
): Promise<Vote | undefined> {
  const { journal, log } = auditor
  const { disputeId, runs } = watch
  try {
    const tries = { final: isLate, giveUpAtMs: Date.now() + leftMs / 2, runs }
    const vote = { ...(await judge(auditor, watch, dispute, tries)), salt: toHex(randomBytes(32)) }
    journal.saveVote(disputeId, dispute.round, vote)
    runs.clear()
    return vote
  } catch (error) {
    if (!(error instanceof NotYet)) throw error
    log.warn({ disputeId: String(disputeId) }, `no vote yet: ${error.message}`)
    return undefined
  }
}

async function cast(
  auditor: Auditor,
  watch: DisputeWatch,
  dispute: DisputeFacts,
  { vote, seat, isLate, isSealing }: Turn,
): Promise<void> {
  const { context, signer, account: juror, log } = auditor
  const { disputeId } = watch
  const { jury, round } = dispute
  const commitment = ballotCommitment({ disputeId, round, juror, ...vote })
  const onChain = await readBallot(context, { disputeId, juror })
  if (!NONE.test(onChain.found)) return
  try {
    if (!isSealing) {
      // Too late to be counted where it was not sealed.
      if (onChain.commitment === commitment) await open(auditor, dispute, disputeId, [ballotOf(juror, vote)])
      return
    }
    const signature = await signBallot(context, signer, { disputeId, round, commitment })
    const own = { round, juror, commitment, signature } as BallotNote
    const notes = await exchangeBallot(auditor, { disputeId, jury, own, vote })
    const ballots = notes.flatMap(({ opening, ...note }) =>
      opening ? [{ ...ballotOf(note.juror, opening), signature: note.signature }] : [],
    )
    if (ballots.length === jury.length) {
      if (watch.since?.key !== 'opened') watch.since = { key: 'opened', ms: Date.now() }
      if (Date.now() >= watch.since.ms + seat * TURN_MS) await open(auditor, dispute, disputeId, ballots)
    } else if (isLate && NONE.test(onChain.commitment)) {
      await sealBallots(context, { disputeId, ballots: [{ juror, commitment, signature }] })
    }
    if (isLate) await showTwoVotes(auditor, disputeId, notes)
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    log.info({ disputeId: String(disputeId), err: error }, 'the vote was refused: somebody else was first')
  }
}

function ballotOf(juror: string, { found, othersHold, work, salt }: Vote): Ballot {
  return { juror, found, othersHold, work, salt, signature: '0x' }
}

async function open(
  { context, emit, account }: Auditor,
  { orderId }: DisputeFacts,
  disputeId: bigint,
  ballots: readonly Ballot[],
): Promise<void> {
  const { hash: txHash } = await resolve(context, { disputeId, ballots })
  const { found } = ballots.find(({ juror }) => isSame(juror, account))!
  emit({ event: 'voted', disputeId: String(disputeId), found, txHash })
  if ((await readDispute(context, disputeId)).stage !== 'Closed') return
  emit({ event: 'resolved', disputeId: String(disputeId), found, txHash })
  const { settledAt } = await readOrder(context, orderId)
  if (settledAt !== 0) emit({ event: 'settled', orderId: String(orderId), txHash })
}

/** Who signed one vote for the jury and sealed another on chain loses its seat. */
async function showTwoVotes(
  { context, emit }: Auditor,
  disputeId: bigint,
  notes: readonly BallotNote[],
): Promise<void> {
  for (const { juror, round, commitment, signature } of notes) {
    const onChain = await readBallot(context, { disputeId, juror })
    if (NONE.test(onChain.commitment) || onChain.commitment === commitment) continue
    const a = { juror, commitment, signature }
    const b = { juror, commitment: onChain.commitment, signature: '0x' }
    const { hash: txHash } = await proveTwoBallots(context, { disputeId, round, a, b })
    emit({ event: 'twoVotes', disputeId: String(disputeId), juror, txHash })
  }
}

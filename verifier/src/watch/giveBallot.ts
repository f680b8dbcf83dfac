import { ChainError } from '@trainyard/contracts/errors.ts'
import { readBallot } from '@trainyard/contracts/readBallot.ts'
import type { DisputeFacts } from '@trainyard/contracts/readDispute.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readOrderParameters } from '@trainyard/contracts/readOrderParameters.ts'
import { type Ballot, resolve } from '@trainyard/contracts/resolve.ts'
import { signBallot } from '@trainyard/contracts/signBallot.ts'
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

/**
 * A juror's part: judges, journals what it found before anybody hears of it, and has it decided together with the others'
 * votes, or, where these do not come in half of the time, hands in its own.
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
  const voteSeconds = Math.floor(
    (await readOrderParameters(auditor.context, dispute.orderId)).revealSeconds / 2,
  )
  const leftMs = Math.max(0, (dispute.deadlineAt - head.timestamp) * 1_000)
  const isLate = leftMs < (voteSeconds * 1_000) / 2
  const found =
    journal.ballotOf(disputeId, dispute.round) ?? (await find(auditor, watch, dispute, { leftMs, isLate }))
  if (found === undefined) return
  if (!NONE.test(await readBallot(auditor.context, { disputeId, juror: account }))) return
  await vote(auditor, watch, dispute, { found, isLate, turn: seat })
}

/** Undefined: not known yet. */
async function find(
  auditor: Auditor,
  watch: DisputeWatch,
  dispute: DisputeFacts,
  { leftMs, isLate }: { leftMs: number; isLate: boolean },
): Promise<string | undefined> {
  const { journal, log } = auditor
  const { disputeId, runs } = watch
  try {
    const tries = { final: isLate, giveUpAtMs: Date.now() + leftMs / 2, runs }
    const found = await judge(auditor, dispute, tries)
    journal.saveBallot(disputeId, dispute.round, found)
    runs.clear()
    return found
  } catch (error) {
    if (!(error instanceof NotYet)) throw error
    log.warn({ disputeId: String(disputeId) }, `no vote yet: ${error.message}`)
    return undefined
  }
}

async function vote(
  auditor: Auditor,
  watch: DisputeWatch,
  { jury, round, orderId }: DisputeFacts,
  { found, isLate, turn }: { found: string; isLate: boolean; turn: number },
): Promise<void> {
  const { context, signer, account, emit, log } = auditor
  const { disputeId } = watch
  const signature = await signBallot(context, signer, { disputeId, round, found })
  const own: Ballot = { juror: account, found, signature }
  const ballots = jury.length === 1 ? [own] : await exchangeBallot(auditor, { disputeId, round, jury, own })
  const agree = ballots.filter((ballot) => ballot.found === found)
  const decides = 3 * agree.length >= 2 * jury.length
  if (decides) watch.since = watch.since?.key === 'decides' ? watch.since : { key: 'decides', ms: Date.now() }
  const isTurn = decides && Date.now() >= watch.since!.ms + turn * TURN_MS
  if (!isTurn && !isLate) return
  try {
    const { hash: txHash } = await resolve(context, { disputeId, ballots: decides ? agree : [own] })
    emit({ event: 'voted', disputeId: String(disputeId), found, txHash })
    if (!decides) return
    emit({ event: 'resolved', disputeId: String(disputeId), found, txHash })
    const { settledAt } = await readOrder(context, orderId)
    if (settledAt !== 0) emit({ event: 'settled', orderId: String(orderId), txHash })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    log.info({ disputeId: String(disputeId), err: error }, 'the vote was refused: somebody else was first')
  }
}

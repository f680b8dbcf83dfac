import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { type DisputeFacts, readDispute } from '@trainyard/contracts/readDispute.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import { ZeroAddress } from 'ethers'
import type { Auditor } from './auditor.ts'
import type { DisputeWatch } from './disputeWatch.ts'
import { giveBallot } from './giveBallot.ts'
import { isSame } from './isSame.ts'
import { showIfThere } from './showWhenDue.ts'
import type { Head } from './stepOrder.ts'

const TURNS = 4
const TURN_MS = 4_000

/**
 * Does whatever is next for one dispute: draws its jury, votes, has it decided. Safe to call again at any time. Returns
 * false once nothing is left to do.
 */
export async function stepDispute(auditor: Auditor, watch: DisputeWatch, head: Head): Promise<boolean> {
  const dispute = await readDispute(auditor.context, watch.disputeId)
  switch (dispute.stage) {
    case 'None': // this node has not seen it yet
    case 'Answering':
      return true
    case 'Drawing':
      if (isTurn(auditor, watch, dispute)) await drawOrGiveUp(auditor, watch, dispute, head)
      return true
    case 'Voting':
      if (head.timestamp < dispute.deadlineAt) await giveBallot(auditor, watch, dispute, head)
      else if (isTurn(auditor, watch, dispute)) await attempt(auditor, watch, 'resolve')
      return true
    case 'Closed':
      // What the order's settlement left open returns the bond.
      if (isSame(dispute.challenger, auditor.account)) await attempt(auditor, watch, 'resolve')
      return false
  }
}

/** The challenger first, then the others, spread out, so that not all pay for the same call. */
function isTurn(
  { account }: Auditor,
  watch: DisputeWatch,
  { challenger, stage, round }: DisputeFacts,
): boolean {
  const key = `${stage}${round}`
  if (watch.since?.key !== key) watch.since = { key, ms: Date.now() }
  const turn = isSame(challenger, account) ? 0 : 1 + Number(BigInt(account) % BigInt(TURNS))
  return Date.now() >= watch.since.ms + turn * TURN_MS
}

/** A block draws sooner or later; a drand round has a deadline, after which its absence ends the dispute. */
async function drawOrGiveUp(
  auditor: Auditor,
  watch: DisputeWatch,
  { deadlineAt }: DisputeFacts,
  head: Head,
): Promise<void> {
  const isDrawn = await attempt(auditor, watch, 'drawJury')
  const isOver = deadlineAt !== 0 && head.timestamp >= deadlineAt
  if (!isDrawn && isOver) await attempt(auditor, watch, 'resolve')
}

/** Returns false where the contract refused. */
async function attempt(
  auditor: Auditor,
  watch: DisputeWatch,
  call: 'drawJury' | 'resolve',
): Promise<boolean> {
  const { context, emit, log } = auditor
  const { disputeId } = watch
  try {
    if (call === 'drawJury') await drawJury(context, { disputeId })
    else {
      const { hash: txHash } = await resolve(context, { disputeId, ballots: [] })
      emit({ event: 'resolved', disputeId: String(disputeId), found: null, txHash })
    }
    return true
  } catch (error) {
    const known = ['DisputesWrongStage', 'DisputesJuryNotReady']
    if (!(error instanceof ChainError && known.includes(error.errorName))) throw error
    log.info({ disputeId: String(disputeId), err: error }, 'somebody else was first, or it is too early')
    const isRound = error.errorName === 'DisputesJuryNotReady' && context.deployment.beacon !== ZeroAddress
    if (isRound) await showIfThere(auditor, Number(error.args.position))
    return false
  }
}

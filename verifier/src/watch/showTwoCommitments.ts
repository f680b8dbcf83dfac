import { ChainError } from '@trainyard/contracts/errors.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { type BoundCommitment, proveTwoCommitments } from '@trainyard/contracts/proveTwoCommitments.ts'
import { readOpenings } from '@trainyard/contracts/readOpenings.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'
import { eventsOfRound } from './onChain.ts'
import type { OrderWatch } from './orderWatch.ts'

/**
 * Compares what the others signed for the panel's board with what they are bound to on chain, and takes the seat of who said two
 * things. Knows only what this process saw on the board. Who signed for a draw that moved on since has said nothing else of this one.
 */
export async function showTwoCommitments(
  auditor: Auditor,
  watch: OrderWatch,
  order: OrderFacts,
): Promise<void> {
  if (watch.notes.size === 0) return
  const { context, account, config, emit, log } = auditor
  const { orderId, round } = watch
  const onChain = await boundOnChain(auditor, orderId, order)
  const { draw, shares } = await readShares(context, orderId)
  for (const [member, first] of watch.notes) {
    const second = onChain.get(member)
    if (!second || second.commitment === first.commitment || isSame(member, account)) continue
    // Where the panel was not stored, what was signed for another is refused.
    if (shares.length > 0 && first.draw !== draw) continue
    if (!(await hasSeat(context, hardwareClassOf(config.hardwareClass), member))) continue
    try {
      const proof = { orderId, round, draw: first.draw, auditor: member, first, second }
      const { hash: txHash } = await proveTwoCommitments(context, proof)
      emit({ event: 'twoCommitments', orderId: String(orderId), auditor: member, txHash })
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      log.warn({ orderId: String(orderId), member, err: error }, 'its two commitments were not taken')
    }
  }
}

/** Of each member in lower case: sent by itself, or signed and handed in with the whole panel's. */
async function boundOnChain(
  auditor: Auditor,
  orderId: bigint,
  order: OrderFacts,
): Promise<Map<string, BoundCommitment>> {
  const bound = new Map<string, BoundCommitment>()
  for (const opened of await readOpenings(auditor.context, orderId)) {
    const commitment = verdictCommitment({ orderId, ...opened })
    bound.set(opened.auditor.toLowerCase(), { commitment, signature: opened.signature })
  }
  for (const event of await eventsOfRound(auditor, orderId, order)) {
    if (event.name !== 'VerdictsCommitted' || event.args.orderId !== orderId) continue
    const { auditor: member, commitment } = event.args
    bound.set(member.toLowerCase(), { commitment, signature: '0x' })
  }
  return bound
}

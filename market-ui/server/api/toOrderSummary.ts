import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { OrderFacts } from '../follower/facts.ts'
import type { OrderSummary } from './schemas.ts'

/** An order as lists show it. */
export const toOrderSummary = (orderId: number, facts: OrderFacts, jobName: string | null): OrderSummary => {
  const { order, committedSegments, audit, draw } = facts
  const { terms } = order
  return {
    orderId: String(orderId),
    jobName,
    status: order.status,
    closeReason:
      order.closeReason === 0 ? null : (closeReasonName(order.closeReason) ?? String(order.closeReason)),
    machineId: order.machineId,
    buyer: order.buyer,
    payer: order.payer,
    seller: order.seller,
    placedAt: order.placedAt,
    startedAt: order.startedAt,
    endedAt: order.endedAt,
    settledAt: order.settledAt,
    steps: terms.steps,
    committedSteps: Math.min(committedSegments * terms.stepsPerSegment, terms.steps),
    committedSegments,
    passedSegments: audit.outcome === 'Pass' ? new Set(draw.segments).size : 0,
    drawnSegments: draw.ready && order.endedAt > 0 ? new Set(draw.segments).size : 0,
    verdictsGiven: Math.max(audit.committed, audit.revealed),
    auditDeadlineAt: audit.deadlineAt,
    escrowWei: order.escrowWei,
    auditFeeWei: order.auditFeeWei,
    paidWei: order.paidWei,
    refundedWei: order.refundedWei,
    slashedWei: order.slashedWei,
  }
}

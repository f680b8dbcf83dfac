import { closeReasonWords } from '@trainyard/contracts/words.ts'
import { formatEther } from 'ethers'
import type { Notice } from '../api/accountSchemas.ts'
import type { OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'

type Said = { readonly key: Notice['key']; readonly text: string }

/**
 * What an event about an order means for one account: nothing, or a notice for each part the account has in it. The id
 * is the same on every server and after a reorganisation that puts the transaction into another block.
 */
export const toNotices = (event: StoredEvent, { order }: OrderFacts, account: string): Notice[] => {
  const { orderId, txHash, at, blockNumber, logIndex, disputeId } = event
  if (orderId === null) return []
  const roles = {
    buyer: order.buyer === account || order.payer === account,
    seller: order.seller === account,
  }
  const said = [
    ...(roles.buyer ? forBuyer(event, orderId) : []),
    ...(roles.seller ? forSeller(event, orderId) : []),
    ...forAuditor(event, orderId, account),
  ]
  return said.map(({ key, text }) => ({
    id: `${txHash}:${key}:${orderId}:${disputeId ?? 0}`,
    key,
    text,
    orderId: String(orderId),
    disputeId: disputeId === null ? null : String(disputeId),
    txHash,
    at,
    blockNumber,
    logIndex,
  }))
}

const dev = (wei: string): string =>
  `${Number(formatEther(wei)).toLocaleString('en', { maximumFractionDigits: 4 })} DEV`

const forBuyer = (event: StoredEvent, orderId: number): Said[] => {
  switch (event.name) {
    case 'OrderStarted':
      return [{ key: 'buyer:order_started', text: `Order #${orderId} trains now.` }]
    case 'OrderEnded':
      return [
        {
          key: 'buyer:order_ended',
          text: `Order #${orderId} ended: ${closeReasonWords(event.args.closeReason)}`,
        },
      ]
    case 'OrderSettled': {
      const { status, paidWei, refundedWei } = event.args
      return [
        {
          key: 'buyer:order_settled',
          text: `Order #${orderId} is settled as ${status}: ${dev(paidWei)} paid, ${dev(refundedWei)} came back.`,
        },
      ]
    }
    default:
      return forBoth('buyer', event, orderId)
  }
}

const forSeller = (event: StoredEvent, orderId: number): Said[] => {
  switch (event.name) {
    case 'OrderPlaced':
      return [
        {
          key: 'seller:order_placed',
          text: `Order #${orderId} was placed on machine #${event.args.machineId}.`,
        },
      ]
    case 'OrderSettled': {
      const { status, paidWei, slashedWei } = event.args
      const lost = slashedWei === '0' ? '' : `, ${dev(slashedWei)} of your stake slashed`
      return [
        {
          key: 'seller:order_settled',
          text: `Order #${orderId} is settled as ${status}: ${dev(paidWei)} paid before the fee${lost}.`,
        },
      ]
    }
    default:
      return forBoth('seller', event, orderId)
  }
}

const forBoth = (role: 'buyer' | 'seller', event: StoredEvent, orderId: number): Said[] => {
  if (event.name === 'Challenged') {
    const text = `Segment ${event.args.segment} of order #${orderId} was challenged: dispute #${event.args.disputeId}.`
    return [{ key: `${role}:challenged`, text }]
  }
  if (event.name !== 'DisputeClosed') return []
  const { disputeId, sellerWins, found } = event.args
  if (/^0x0+$/.test(found)) return []
  const text = `Dispute #${disputeId} of order #${orderId} is decided: ${sellerWins ? 'the seller was right' : 'against the seller'}.`
  return [{ key: `${role}:dispute_decided`, text }]
}

const forAuditor = (event: StoredEvent, orderId: number, account: string): Said[] => {
  if (event.name === 'PanelDrawn' && event.args.panel.includes(account))
    return [{ key: 'auditor:drawn', text: `You are drawn to audit order #${orderId}.` }]
  if (event.name === 'JuryDrawn' && event.args.jury.includes(account))
    return [{ key: 'auditor:juror', text: `You are drawn as a juror in dispute #${event.args.disputeId}.` }]
  return []
}

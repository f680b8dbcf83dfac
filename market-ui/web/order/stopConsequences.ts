import type { Order } from '../../server/api/schemas.ts'
import { formatCount } from '../format/formatNumber.ts'
import { formatWei } from '../format/formatWei.ts'

const CANCEL_SECONDS = 300n

/** What stopping an order now does to money and model, sentence by sentence. */
export const stopConsequences = (order: Order, nowSeconds: number): string[] =>
  order.status === 'Preparing' ? whilePreparing(order, nowSeconds) : whileTraining(order)

const whilePreparing = (order: Order, nowSeconds: number): string[] => {
  if (order.phaseDeadlineAt !== null && nowSeconds >= order.phaseDeadlineAt)
    return [
      'The seller has not started in time: escrow and audit fee come back whole, and the seller pays five minutes’ price to the payer.',
      'No training takes place.',
    ]
  const price = (BigInt(order.pricePerHourWei) * CANCEL_SECONDS) / 3600n
  const escrow = BigInt(order.escrowWei)
  const paid = price < escrow ? price : escrow
  return [
    `The seller gets five minutes' price, ${formatWei(String(paid))} DEV, for having kept the machine free.`,
    `The rest, ${formatWei(String(escrow - paid + BigInt(order.auditFeeWei)))} DEV, comes back at once.`,
    'No training takes place.',
  ]
}

const whileTraining = (order: Order): string[] => {
  if (order.mode === 'None')
    return [
      'The program is stopped now; it has a few seconds to leave its result, which its machine keeps for a week.',
      'You pay for the time until now, or until five minutes after the machine last said that it is up. The rest of the escrow comes back at once.',
    ]
  const cap = payCapWei(order)
  const committed =
    order.committedSteps > 0
      ? `What is committed (${formatCount(order.committedSteps)} steps) is audited, then paid if it was proved: at most ${formatWei(String(cap))} DEV so far, by the agreed step time. The rest of the escrow comes back at the settlement.`
      : 'Nothing is committed yet: what the seller cannot prove is not paid, and the escrow comes back at the settlement.'
  return [
    'Training ends now and is not taken up again. The seller may commit one short last window.',
    committed,
    'There will be no finished model. Checkpoints of the committed windows stay with the seller until the settlement; steps after them are lost.',
  ]
}

/** The most that proved steps can cost: their agreed time at the order's price. */
const payCapWei = ({ committedSteps, stepMicros, pricePerHourWei, escrowWei }: Order): bigint => {
  const cap = (BigInt(pricePerHourWei) * BigInt(committedSteps) * BigInt(stepMicros)) / 3_600_000_000n
  return cap < BigInt(escrowWei) ? cap : BigInt(escrowWei)
}

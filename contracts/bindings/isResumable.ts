import { closeReasons } from './words.ts'

const refused: readonly number[] = [
  closeReasons.FRAUD_PROVED,
  closeReasons.CHECKPOINTS_UNAVAILABLE,
  closeReasons.AUDITORS_SILENT,
]

/** Whether orders may resume from this one's checkpoints: it is settled, and what it committed was proved (Market.placeResumedOrder). */
export function isResumable(order: {
  readonly settledAt: number
  readonly windows: number
  readonly closeReason: number
}): boolean {
  return order.settledAt !== 0 && order.windows > 0 && !refused.includes(order.closeReason)
}

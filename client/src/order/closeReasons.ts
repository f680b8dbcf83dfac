/** Close reasons as in contracts/src/libraries/CloseReasons.sol. */
export const CLOSE_REASONS = {
  NONE: 0,
  BUYER_CANCELLED: 1,
  JOB_NOT_DETERMINISTIC: 2,
  JOB_STALLED: 3,
  JOB_INVALID: 4,
  WORK_COMPLETED: 10000,
  SELLER_DID_NOT_START: 10001,
  SELLER_GAVE_UP: 10002,
  SELLER_OVERRAN: 10003,
  FRAUD_PROVED: 10004,
  CHECKPOINTS_UNAVAILABLE: 10005,
  AUDITORS_SILENT: 20000,
} as const

export type CloseReasonName = keyof typeof CLOSE_REASONS

/** The reasons that a seller may give in orderFailed. */
export type FailReason = 'JOB_NOT_DETERMINISTIC' | 'JOB_STALLED' | 'JOB_INVALID' | 'SELLER_GAVE_UP'

/** Name of a close reason's number, or the number itself if a newer contract added one. */
export function closeReasonName(reason: number): string {
  const found = Object.entries(CLOSE_REASONS).find(([, value]) => value === reason)
  return found ? found[0] : String(reason)
}

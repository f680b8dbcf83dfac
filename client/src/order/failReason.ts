import type { CloseReason } from '@trainyard/contracts/words.ts'

/** The reasons that a seller may give in orderFailed. */
export type FailReason = Extract<
  CloseReason,
  'JOB_NOT_DETERMINISTIC' | 'JOB_STALLED' | 'JOB_INVALID' | 'SELLER_GAVE_UP'
>

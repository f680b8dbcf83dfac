import type { BoundCommitment } from '@trainyard/contracts/proveTwoCommitments.ts'
import type { ImageOutput } from '../image/replayFolder.ts'
import type { NextSegment } from './replayNext.ts'

/** What an auditor signed for the board, about this draw. */
export type SeenNote = BoundCommitment & { readonly draw: string }

/** What this process remembers about an order between two looks at it; lost on restart without harm. */
export type OrderWatch = {
  readonly orderId: bigint
  /** which panel sits */
  round: number
  tries: number
  firstTryMs: number
  retryAtMs: number
  /** the commit phase ended without us: only settling is left */
  missed: boolean
  /** a commitment may be on chain that the journal does not know of */
  unsure: boolean
  /** all that the seller signed was compared */
  compared: boolean
  /** the others' salts were compared with what this auditor's replay gives */
  checkedOthers: boolean
  /** the drand round that the draw waits for, and when that was first seen */
  awaited: { readonly round: number; readonly ms: number } | undefined
  /** what others of the panel, in lower case, first signed for its board of the newest draw */
  readonly notes: Map<string, SeenNote>
  /** where a job was said to stall, whether it does is found out, or will not be */
  wentOn: boolean
  /** the segment that it is said to stall in */
  next: Promise<NextSegment> | undefined
  /** when the whole panel's opened verdicts were first seen */
  openedMs: number | undefined
  /** when it is this auditor's turn to challenge what is not served to the larger panel */
  unservedAtMs: number | undefined
  /** what was not served to a larger panel is, after all */
  served: boolean
  /** when the outcome was first seen */
  outcomeSeen: { readonly blockNumber: number; readonly ms: number } | undefined
  /** when a refereed order was first seen to be agreed on */
  agreedMs: number | undefined
  /** runs of the job's image, done or under way, by what they run */
  readonly runs: Map<string, Promise<ImageOutput>>
}

/** A fresh look: after a start, a commitment may have been sent just before the process died. */
export function createOrderWatch(orderId: bigint): OrderWatch {
  const never = { tries: 0, firstTryMs: 0, retryAtMs: 0 }
  return {
    orderId,
    round: 0,
    ...never,
    missed: false,
    unsure: true,
    compared: false,
    checkedOthers: false,
    awaited: undefined,
    notes: new Map(),
    wentOn: false,
    next: undefined,
    openedMs: undefined,
    unservedAtMs: undefined,
    served: false,
    outcomeSeen: undefined,
    agreedMs: undefined,
    runs: new Map(),
  }
}

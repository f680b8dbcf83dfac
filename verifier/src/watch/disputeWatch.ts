import type { ImageOutput } from '../image/replayFolder.ts'
import type { NextSegment } from './replayNext.ts'

/** What this process remembers about a dispute between two looks at it; lost on restart without harm. */
export type DisputeWatch = {
  readonly disputeId: bigint
  retryAtMs: number
  /** when its stage was first seen */
  since: { readonly key: string; readonly ms: number } | undefined
  readonly runs: Map<string, Promise<ImageOutput>>
  /** the segment that a job is said to stall in */
  next: Promise<NextSegment> | undefined
}

export function createDisputeWatch(disputeId: bigint): DisputeWatch {
  return { disputeId, retryAtMs: 0, since: undefined, runs: new Map(), next: undefined }
}

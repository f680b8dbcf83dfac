import { scheduleOf } from './canonical/schedule.ts'
import type { DataSet, WindowSeeds } from './canonical/types.ts'
import { batchRoot } from './hash/batchRoot.ts'
import { type Hex, toHex } from './hash/hex.ts'
import { type InnerStep, innerRoot } from './hash/innerRoot.ts'
import { rngRoot } from './hash/rngRoot.ts'
import { stateRoot } from './hash/stateRoot.ts'
import type { Job } from './job.ts'
import { readJobState, tensorsOf } from './jobState.ts'
import { NO_INPUTS, type SegmentLeaf } from './segment.ts'

/**
 * A seller's claim about a segment it has run, from the checkpoints around it and its progress lines.
 * @param stateRootBefore the previous leaf's stateRootAfter, or checkpointRoot of step 0
 * @param after checkpoint file at the segment's end
 * @param inner per step of the segment, as its progress lines have them
 * @param beaconRound block number of the beacon that seeds the segment's window
 */
export function buildLeaf(args: {
  job: Job
  data: DataSet
  seeds: WindowSeeds
  orderId: string
  seller: Hex
  segment: number
  stateRootBefore: Hex
  after: Uint8Array
  inner: readonly InnerStep[]
  beaconRound: number
}): SegmentLeaf {
  const { job, segment, inner } = args
  const { first, end } = scheduleOf(job).segmentSteps(segment)
  if (inner.length !== end - first) throw new RangeError(`segment ${segment} has ${end - first} steps`)
  const after = readJobState(args.after, job)
  if (after.step !== end) throw new RangeError(`segment ${segment} ends at step ${end}, not ${after.step}`)
  return {
    orderId: args.orderId,
    seller: args.seller,
    segment,
    firstStep: first,
    lastStep: end,
    stateRootBefore: args.stateRootBefore,
    stateRootAfter: toHex(stateRoot(tensorsOf(after))),
    batchRoot: toHex(batchRoot(args)),
    rngRoot: toHex(rngRoot(after)),
    inputsRoot: NO_INPUTS,
    innerRoot: toHex(innerRoot(first, inner)),
    beaconRound: args.beaconRound,
  }
}

import type { Attack } from './attack.ts'
import { adversarialBatches } from './attacks/adversarialBatches.ts'
import { backFilledWindow } from './attacks/backFilledWindow.ts'
import {
  claimedBatches,
  claimedCounters,
  claimedLosses,
  copiedLeaves,
  otherBeacon,
  unchained,
} from './attacks/badLeaves.ts'
import { blindfoldTopQ } from './attacks/blindfoldTopQ.ts'
import { copiedRoots } from './attacks/copiedRoots.ts'
import { fewerEpochs } from './attacks/fewerEpochs.ts'
import { halfBatches } from './attacks/halfBatches.ts'
import { interpolate } from './attacks/interpolate.ts'
import { lastLayerOnly } from './attacks/lastLayerOnly.ts'
import { bf16, int8 } from './attacks/lowerPrecision.ts'
import { infinitesimalUpdates, madeUpHistory } from './attacks/madeUpHistory.ts'
import { jump, oldModel } from './attacks/oldModel.ts'
import { orderWithinBatch } from './attacks/orderWithinBatch.ts'
import { oneBit, onePoisonedSegment, thirtyPercent } from './attacks/poisonedSegments.ts'
import { precomputedJob, precomputedWindow } from './attacks/precomputed.ts'
import { reusedBatches } from './attacks/reusedBatches.ts'
import { skipSteps } from './attacks/skipSteps.ts'
import { subsetOfData } from './attacks/subsetOfData.ts'
import { wrongOrder } from './attacks/wrongOrder.ts'
import { wrongRate } from './attacks/wrongRate.ts'

/** Ways in which a run's numbers are not those of the job. */
export const trainingAttacks: readonly Attack[] = [
  skipSteps,
  interpolate,
  fewerEpochs,
  halfBatches,
  reusedBatches,
  subsetOfData,
  wrongOrder,
  orderWithinBatch,
  bf16,
  int8,
  wrongRate,
  lastLayerOnly,
  oldModel,
  jump,
  madeUpHistory,
  infinitesimalUpdates,
  blindfoldTopQ,
  adversarialBatches,
  onePoisonedSegment,
  oneBit,
  thirtyPercent,
  precomputedWindow,
  precomputedJob,
  copiedRoots,
]

/** Ways in which what is claimed and committed is not what was done. */
export const claimAttacks: readonly Attack[] = [
  backFilledWindow,
  copiedLeaves,
  unchained,
  otherBeacon,
  claimedBatches,
  claimedCounters,
  claimedLosses,
]

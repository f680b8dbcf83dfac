import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'
import { id } from 'ethers'

const SEGMENTS = 5
const STEPS_PER_SEGMENT = 32

/** State root after so many steps, as the scene's seller says. */
export const sceneState = (step: number): string => id(`state ${step}`)

/** The leaves of a window as the scene's seller commits them. */
export const sceneLeaves = (orderId: bigint, seller: string, window: number): SegmentLeaf[] =>
  Array.from({ length: SEGMENTS }, (_, position) => {
    const segment = window * SEGMENTS + position
    const [firstStep, lastStep] = [segment * STEPS_PER_SEGMENT, (segment + 1) * STEPS_PER_SEGMENT]
    return {
      orderId: String(orderId),
      seller,
      segment,
      firstStep,
      lastStep,
      stateRootBefore: sceneState(firstStep),
      stateRootAfter: sceneState(lastStep),
      batchRoot: id(`batches ${segment}`),
      rngRoot: id(`rng ${segment}`),
      inputsRoot: id('none'),
      innerRoot: id(`inner ${segment}`),
      beaconRound: segment,
    } as SegmentLeaf
  })

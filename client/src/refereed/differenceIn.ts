import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { scheduleOf } from '@trainyard/verifier/canonical/schedule.ts'
import type { Evidence } from '@trainyard/verifier/evidence.ts'
import { firstDivergence } from '@trainyard/verifier/referee/firstDivergence.ts'
import { type SegmentLeaf, windowPath } from '@trainyard/verifier/segment.ts'
import { checkEvidence } from '@trainyard/verifier/watch/checkEvidence.ts'
import { firstSegmentOf, type Plan } from '../order/plan.ts'

/** The twin's leaf of a segment, in its window as committed. */
export type Claim = {
  leaf: SegmentLeaf
  root: string
  segments: number
  lastStateRoot: string
  path: string[]
}

/** The first segment on which a refereed order's twin came to something else, and what it committed there. */
export type Difference = {
  window: number
  segment: number
  own: SegmentLeaf
  /** A sentence: why what it shows as the window's leaves cannot be what it committed, whatever it came to. */
  claim: Claim | string
}

/** A window of the twin as the chain has it. */
export type TwinWindow = {
  orderId: bigint
  seller: string
  window: number
  root: string
  segments: number
  lastStateRoot: string
  amendment: number
}

/**
 * Compares a window that ends in another state than this machine's with what its seller shows as its leaves. These are judged as its auditors
 * would: beacon, steps and the state before are those of this machine, since both train on one schedule and came to the same until
 * here. What is malformed is a difference in the window's first segment, of which any jury finds that it contradicts itself: a twin
 * must not escape a challenge by leaves that no challenge can name. Undefined: nothing differs as far as both windows go.
 * @param bytes a sentence: why there are none
 */
export function differenceIn(args: {
  own: Evidence
  at: TwinWindow
  plan: Plan
  deployment: Pick<Deployment, 'chainId' | 'windows'>
  bytes: Uint8Array | string
}): Difference | undefined {
  const { own, at, plan, deployment, bytes } = args
  const { window, root, segments, lastStateRoot } = at
  const first = firstSegmentOf(plan, window)
  const malformed = (claim: string) => ({ window, segment: first, own: own.leaves[0]!, claim })
  if (typeof bytes === 'string') return malformed(bytes)
  const { stateRootBefore, beaconRound: beaconBlock } = own.leaves[0]!
  const chain = { ...at, stateRootBefore, beaconBlock, beacon: own.beacon }
  const found = checkEvidence(bytes, chain, scheduleOf(plan), deployment)
  if (found.kind === 'fault') return malformed(found.reason)
  const leaves = [...found.leaves]
  // One of them may have been cancelled earlier, with a short last window.
  const position = firstDivergence(own.leaves, leaves)?.segment
  if (position === undefined) return undefined
  const leaf = leaves[position]!
  const claim = { leaf, root, segments, lastStateRoot, path: windowPath(leaves, position) }
  return { window, segment: first + position, own: own.leaves[position]!, claim }
}

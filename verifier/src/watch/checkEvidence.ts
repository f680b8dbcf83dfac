import type { Deployment } from '@trainyard/contracts/deployment.ts'
import type { Schedule } from '../canonical/schedule.ts'
import { InputInvalid } from '../errors.ts'
import { type Evidence, evidenceSigner, parseEvidence } from '../evidence.ts'
import type { Hex } from '../hash/hex.ts'
import { NO_INPUTS, type SegmentLeaf, windowRoot } from '../segment.ts'

/** What the chain says about a window, and about what came before it. */
export type ChainWindow = {
  readonly orderId: bigint
  readonly seller: string
  readonly window: number
  readonly amendment: number
  readonly root: string
  readonly segments: number
  readonly lastStateRoot: string
  /** the previous window's last state root, or the initial state's */
  readonly stateRootBefore: string
  /** block of the beacon that seeds the window */
  readonly beaconBlock: number
  readonly beacon: string
}

/** A window's leaves, or why the seller's commitment to it cannot be right. */
export type EvidenceFinding =
  | { readonly kind: 'leaves'; readonly leaves: readonly SegmentLeaf[] }
  | { readonly kind: 'fault'; readonly reason: string }

/**
 * Judges the block whose CID the seller committed as a window's evidence. Its bytes are what was committed, so
 * whatever is wrong with them is the seller's doing: leaves that do not give the root on chain, do not chain, or do
 * not name this order's segments in order.
 */
export function checkEvidence(
  bytes: Uint8Array,
  chain: ChainWindow,
  schedule: Schedule,
  deployment: Pick<Deployment, 'chainId' | 'windows'>,
): EvidenceFinding {
  let evidence: Evidence
  try {
    evidence = parseEvidence(bytes)
  } catch (error) {
    if (error instanceof InputInvalid) return fault(error.message)
    throw error
  }
  const reason =
    windowFault(evidence, chain) ??
    evidence.leaves.map((leaf, i) => leafFault(leaf, i, evidence, chain, schedule)).find((found) => found) ??
    signatureFault(evidence, chain, deployment)
  return reason ? fault(reason) : { kind: 'leaves', leaves: evidence.leaves }
}

function fault(reason: string): EvidenceFinding {
  return { kind: 'fault', reason }
}

function windowFault(evidence: Evidence, chain: ChainWindow): string | undefined {
  if (BigInt(evidence.orderId) !== chain.orderId || evidence.window !== chain.window) {
    return 'the evidence is for another order or window'
  }
  if (evidence.leaves.length !== chain.segments) {
    return `${evidence.leaves.length} leaves for ${chain.segments} segments`
  }
  if (evidence.amendment !== chain.amendment) return 'the evidence is of another amendment'
  if (evidence.beacon !== chain.beacon) return 'the evidence is signed for another beacon'
  if (windowRoot(evidence.leaves) !== chain.root) return 'the leaves do not give the root on chain'
  if (evidence.leaves.at(-1)?.stateRootAfter !== chain.lastStateRoot) {
    return 'the last leaf does not end in the state root on chain'
  }
  return undefined
}

function leafFault(
  leaf: SegmentLeaf,
  position: number,
  evidence: Evidence,
  chain: ChainWindow,
  schedule: Schedule,
): string | undefined {
  const segment = schedule.windowSegments(chain.window).first + position
  const { first, end } = schedule.segmentSteps(segment)
  const before: string = evidence.leaves[position - 1]?.stateRootAfter ?? chain.stateRootBefore
  const wrong = (what: string): string => `leaf of segment ${segment} ${what}`
  if (leaf.segment !== segment) return wrong(`names segment ${leaf.segment}`)
  if (BigInt(leaf.orderId) !== chain.orderId) return wrong('names another order')
  if (leaf.seller.toLowerCase() !== chain.seller.toLowerCase()) return wrong('names another seller')
  if (leaf.firstStep !== first || leaf.lastStep !== end) return wrong('has other steps')
  if (leaf.beaconRound !== chain.beaconBlock) return wrong('names another beacon')
  if (leaf.inputsRoot !== NO_INPUTS) return wrong('has inputs from peers')
  if (leaf.stateRootBefore !== (before as Hex)) return wrong('does not follow from the state before it')
  return undefined
}

function signatureFault(
  evidence: Evidence,
  chain: ChainWindow,
  deployment: Pick<Deployment, 'chainId' | 'windows'>,
): string | undefined {
  try {
    const signer = evidenceSigner(evidence, deployment)
    return signer.toLowerCase() === chain.seller.toLowerCase()
      ? undefined
      : 'the leaves are not signed by the seller'
  } catch (error) {
    if (error instanceof InputInvalid) return error.message
    throw error
  }
}

import type { Deployment } from '@trainyard/contracts/deployment.ts'
import type { Schedule } from '../canonical/schedule.ts'
import {
  ContentMismatch,
  ContentTooLarge,
  ContentUnavailable,
  ContentUnsupported,
} from '../content/errors.ts'
import { MAX_EVIDENCE_BYTES } from '../evidence.ts'
import type { AuditFacts } from './auditFacts.ts'
import { checkEvidence, type EvidenceFinding } from './checkEvidence.ts'
import type { ContentCache } from './contentCache.ts'
import { NotYet } from './NotYet.ts'

export type WindowFinding = EvidenceFinding | { readonly kind: 'unavailable'; readonly reason: string }

/**
 * Fetches and judges the leaves of window `window`. A store that says it has no such block leaves the seller's
 * commitment without evidence: `unavailable`. One that does not answer at all says nothing: NotYet.
 */
export async function fetchEvidence(args: {
  facts: AuditFacts
  window: number
  initialRoot: string
  schedule: Schedule
  content: ContentCache
  deployment: Deployment
}): Promise<WindowFinding> {
  const { facts, window, schedule, content, deployment } = args
  const { root, segments, lastStateRoot, amendment, sealed } = facts.windows[window]!
  if (sealed) return { kind: 'unavailable', reason: `window ${window} is sealed` }
  const cid = facts.windows[window]!.evidence
  let bytes: Uint8Array
  try {
    bytes = await content.get(cid, MAX_EVIDENCE_BYTES)
  } catch (error) {
    return findingOf(error, window)
  }
  const stateRootBefore = facts.windows[window - 1]?.lastStateRoot ?? args.initialRoot
  const { value: beacon, position: beaconBlock } = facts.beacons[window]!
  const { orderId, order } = facts
  const chain = {
    orderId,
    seller: order.seller,
    window,
    amendment,
    root,
    segments,
    lastStateRoot,
    stateRootBefore,
    beaconBlock,
    beacon,
  }
  return checkEvidence(bytes, chain, schedule, deployment)
}

function findingOf(error: unknown, window: number): WindowFinding {
  if (error instanceof ContentUnsupported || error instanceof ContentTooLarge) {
    return {
      kind: 'fault',
      reason: `what was committed as evidence of window ${window} is none: ${error.message}`,
    }
  }
  if (error instanceof ContentMismatch || (error instanceof ContentUnavailable && error.status === 404)) {
    return { kind: 'unavailable', reason: `the evidence of window ${window} is not served: ${error.message}` }
  }
  if (error instanceof ContentUnavailable) throw new NotYet(`the store does not answer: ${error.message}`)
  throw error
}

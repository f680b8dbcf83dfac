import { type Evidence, type EvidenceDomain, evidenceSigner, subjectOf } from './evidence.ts'
import { segmentLeafHash } from './segment.ts'

/** Two statements of one seller about one subject that cannot both be true. */
export type Equivocation = {
  orderId: string
  window: number
  /** who signed both */
  seller: string
  /** the first segment on which they differ */
  segment: number
}

/**
 * Fraud that needs no replay: both are signed by the same account, for the same window and amendment of the same order,
 * under the same beacon and after the same state, and say different things of as many segments. Null for two that are
 * equal, of different windows, amendments, lengths (a buyer's cancel shortens a window), beacons or states before (a
 * reorganisation changes them), or of different signers.
 * Throws InputInvalid if a signature is malformed.
 */
export function findEquivocation(a: Evidence, b: Evidence, domain: EvidenceDomain): Equivocation | null {
  const { orderId, window } = a
  const isAboutOne = orderId === b.orderId && isSameSubject(subjectOf(a), subjectOf(b))
  if (!isAboutOne || a.leaves.length !== b.leaves.length) return null
  const seller = evidenceSigner(a, domain)
  if (seller !== evidenceSigner(b, domain)) return null
  const at = a.leaves.findIndex((leaf, i) => segmentLeafHash(leaf) !== segmentLeafHash(b.leaves[i]!))
  return at < 0 ? null : { orderId, window, seller, segment: a.leaves[at]!.segment }
}

/** Whether a seller can say one thing only of both. */
function isSameSubject(a: ReturnType<typeof subjectOf>, b: ReturnType<typeof subjectOf>): boolean {
  const isOneWindow = a.window === b.window && a.amendment === b.amendment
  return isOneWindow && a.beacon === b.beacon && a.stateBefore === b.stateBefore
}

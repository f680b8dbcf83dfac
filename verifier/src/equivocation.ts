import { type Evidence, type EvidenceDomain, evidenceSigner } from './evidence.ts'
import { segmentLeafHash } from './segment.ts'

/** Two statements of one seller about one window that cannot both be true. */
export type Equivocation = {
  orderId: string
  window: number
  /** who signed both */
  seller: string
  /** the first segment on which they differ; null if one is only longer than the other */
  segment: number | null
}

/**
 * Fraud that needs no replay: both are signed by the same account, for the same window of the same order, and say
 * different things. Null for two that are equal, of different windows, or of different signers.
 * Throws InputInvalid if a signature is malformed.
 */
export function findEquivocation(a: Evidence, b: Evidence, domain: EvidenceDomain): Equivocation | null {
  if (a.orderId !== b.orderId || a.window !== b.window) return null
  const seller = evidenceSigner(a, domain)
  if (seller !== evidenceSigner(b, domain)) return null
  const shorter = Math.min(a.leaves.length, b.leaves.length)
  const at = a.leaves.findIndex((leaf, i) => {
    return i < shorter && segmentLeafHash(leaf) !== segmentLeafHash(b.leaves[i]!)
  })
  if (at < 0 && a.leaves.length === b.leaves.length) return null
  return { orderId: a.orderId, window: a.window, seller, segment: at < 0 ? null : a.leaves[at]!.segment }
}

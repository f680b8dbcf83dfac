import type { SegmentLeaf } from '../segment.ts'

/** What two leaves of one segment claim, apart from whose they are. */
const CLAIMS = ['stateRootBefore', 'stateRootAfter', 'innerRoot', 'batchRoot', 'rngRoot'] as const
export type Claim = (typeof CLAIMS)[number]

export type Divergence = { segment: number; claims: Claim[] }

/** The first segment about which two runs of one job claim different things; null where they agree as far as both go. */
export function firstDivergence(a: readonly SegmentLeaf[], b: readonly SegmentLeaf[]): Divergence | null {
  const common = Math.min(a.length, b.length)
  for (let segment = 0; segment < common; segment++) {
    const claims = CLAIMS.filter((claim) => a[segment]![claim] !== b[segment]![claim])
    if (claims.length > 0) return { segment, claims }
  }
  return null
}

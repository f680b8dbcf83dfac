import type { AuditLine } from '../services/startAuditor.ts'

/** What auditors found of an order, a line a segment: some are two auditors', and where they differ what is not a pass counts. */
export function replayedSegments(audits: readonly AuditLine[], orderId: bigint): AuditLine[] {
  const bySegment = new Map<number, AuditLine>()
  for (const line of audits) {
    const known = bySegment.get(line.segment)
    const counts = known === undefined || known.verdict === 'pass'
    if (line.orderId === String(orderId) && counts) bySegment.set(line.segment, line)
  }
  return [...bySegment.values()]
}

import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type AuditFacts = OutputOf<'proofs', 'auditOf'>

/** Where an audit stands. `failedSegment` means something for Fail and Unavailable only. */
export function readAudit(context: ChainContext, orderId: bigint): Promise<AuditFacts> {
  return read(context, 'proofs', 'auditOf', [orderId])
}

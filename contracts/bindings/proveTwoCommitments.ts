import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** What an auditor bound itself to; signature `0x`: it sent the commitment itself. */
export type BoundCommitment = { readonly commitment: string; readonly signature: string }

/** Anyone: an auditor that is bound to two commitments of one draw (`readShares`) loses its seat. */
export function proveTwoCommitments(
  context: ChainContext,
  args: {
    orderId: bigint
    round: number
    draw: string
    auditor: string
    first: BoundCommitment
    second: BoundCommitment
  },
): Promise<Sent> {
  const { orderId, round, draw, auditor, first, second } = args
  const said = [first.commitment, first.signature, second.commitment, second.signature] as const
  return send(context, 'proofs', 'proveTwoCommitments', [orderId, round, draw, auditor, ...said])
}

import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Drawn auditor: commits to verdicts, see `verdictCommitment`. */
export function commitVerdicts(
  context: ChainContext,
  args: { orderId: bigint; commitment: string },
): Promise<Sent> {
  return send(context, 'proofs', 'commitVerdicts', [args.orderId, args.commitment])
}

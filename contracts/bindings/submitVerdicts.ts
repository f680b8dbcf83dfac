import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** One auditor's verdicts with the salt and signature of its commitment. */
export type Opening = { verdicts: bigint; salt: string; report: string; signature: string }

/** Anyone: the verdicts of a whole panel, in drawOf's order. What they pass settleOrder pays later. */
export function submitVerdicts(
  context: ChainContext,
  args: { orderId: bigint; openings: readonly Opening[] },
): Promise<Sent> {
  return send(context, 'proofs', 'submitVerdicts', [args.orderId, args.openings])
}

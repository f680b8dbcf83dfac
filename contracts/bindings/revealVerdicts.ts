import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Drawn auditor: opens its commitment. `report` is the CID that was committed. */
export function revealVerdicts(
  context: ChainContext,
  args: { orderId: bigint; verdicts: bigint; salt: string; report: string },
): Promise<Sent> {
  return send(context, 'proofs', 'revealVerdicts', [args.orderId, args.verdicts, args.salt, args.report])
}

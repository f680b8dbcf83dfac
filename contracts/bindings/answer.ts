import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller: answers a challenge with its own step roots beside the challenger's, or with neither: what was challenged is served. */
export function answer(
  context: ChainContext,
  args: { disputeId: bigint; roots: readonly string[]; challengerRoots: readonly string[] },
): Promise<Sent> {
  return send(context, 'disputes', 'answer', [args.disputeId, args.roots, args.challengerRoots])
}

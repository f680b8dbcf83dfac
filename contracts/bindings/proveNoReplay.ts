import type { ChainContext } from './context.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

/** An auditor's opened pass, and what a replay of the drawn segments gives (Types.sol). */
export type ReplayClaim = InputsOf<'proofs', 'proveNoReplay'>[1]

/** Anyone: an auditor that passed what it had not replayed loses its seat, a tenth of its stake to the caller. */
export function proveNoReplay(
  context: ChainContext,
  args: { orderId: bigint; claim: ReplayClaim },
): Promise<Sent> {
  return send(context, 'proofs', 'proveNoReplay', [args.orderId, args.claim])
}

import type { ChainContext } from './context.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

/** An auditor's opened verdicts, one segment that they pass, and what a replay of it gives (Types.sol). */
export type ReplayClaim = InputsOf<'proofs', 'proveNoReplay'>[1]

/** Anyone: an auditor that passed a segment that it had not replayed loses its seat, a tenth of its stake to the caller. */
export function proveNoReplay(
  context: ChainContext,
  args: { orderId: bigint; claim: ReplayClaim },
): Promise<Sent> {
  return send(context, 'proofs', 'proveNoReplay', [args.orderId, args.claim])
}

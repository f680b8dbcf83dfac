import type { ChainContext } from './context.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

/** One step of the challenger's list (Types.sol). */
export type Narrowing = InputsOf<'disputes', 'answer'>[1]

const ZERO = `0x${'0'.repeat(64)}`
const none: Narrowing = {
  ...{ step: 0, preRoot: ZERO, sellerRoot: ZERO, challengerRoot: ZERO },
  ...{ prePath: [], path: [] },
}

/** Seller: answers a challenge by singling out a step, or with nothing: what was challenged is served. */
export function answer(
  context: ChainContext,
  args: { disputeId: bigint; narrowing?: Narrowing | undefined },
): Promise<Sent> {
  return send(context, 'disputes', 'answer', [args.disputeId, args.narrowing ?? none])
}

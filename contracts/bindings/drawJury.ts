import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Anyone, once the seller has answered or its time is over: draws the jury, or first fixes the block that draws it. */
export function drawJury(context: ChainContext, args: { disputeId: bigint }): Promise<Sent> {
  return send(context, 'disputes', 'drawJury', [args.disputeId])
}

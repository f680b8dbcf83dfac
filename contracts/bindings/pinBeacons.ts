import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Anyone: stores the beacons that are due; after 256 blocks they move on. */
export function pinBeacons(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'proofs', 'pinBeacons', [args.orderId])
}

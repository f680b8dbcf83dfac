import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import { type Sent, send } from './send.ts'

/** Seller: puts a free machine up at a price per hour until `expiresAt` (Unix seconds). */
export async function makeOffer(
  context: ChainContext,
  args: {
    machineId: bigint
    pricePerHourWei: bigint
    minSeconds: number
    maxSeconds: number
    expiresAt: number
  },
): Promise<Sent & { offerId: bigint }> {
  const { machineId, pricePerHourWei, minSeconds, maxSeconds, expiresAt } = args
  const inputs = [machineId, pricePerHourWei, minSeconds, maxSeconds, expiresAt] as const
  const sent = await send(context, 'market', 'makeOffer', inputs)
  return { ...sent, offerId: eventIn(sent, 'OfferMade').args.offerId }
}

import { pinBeacons } from '@trainyard/contracts/pinBeacons.ts'
import { checkSeeds } from '../engine/checkSeeds.ts'
import type { OrderContext } from '../engine/context.ts'
import type { Action } from '../order/action.ts'

/** A beacon is lost 256 blocks after its block; this leaves time to retry. */
const MAX_AGE_BLOCKS = 64

/**
 * Waits until the beacon that seeds `window` grows old before commitWindow could store it, and stores it
 * then. Usually the window is committed first, and this wait is aborted. If the beacon had moved on before it
 * was stored, its window is trained again.
 */
export async function pinBeacon(order: OrderContext, window: number, signal: AbortSignal): Promise<Action> {
  const { chain, orderId, journal, head } = order
  const record = journal.seedsOf(orderId)[window]
  while (record && head.current().number - record.beaconBlock <= MAX_AGE_BLOCKS) await head.next(signal)
  await pinBeacons(chain, { orderId: BigInt(orderId) })
  return (await checkSeeds(order, window + 1)) ?? { type: 'BeaconPinned', window }
}

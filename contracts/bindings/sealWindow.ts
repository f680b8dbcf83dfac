import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller of one of a pair, while training: binds it to the next window, which `openWindow` says later. It cannot be amended. */
export function sealWindow(
  context: ChainContext,
  args: {
    orderId: bigint
    index: number
    /** see sealedDigest */
    digest: string
    segments: number
    /** the beacon that seeded the window's data, see beaconWord; a chain that has another one refuses */
    beacon: string
  },
): Promise<Sent> {
  const { orderId, index, digest, segments, beacon } = args
  return send(context, 'windows', 'sealWindow', [orderId, index, digest, segments, beacon])
}

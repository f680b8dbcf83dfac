import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller, while training: commits the newest window anew, since its machine was wrong. It keeps its number of segments. */
export function amendWindow(
  context: ChainContext,
  args: {
    orderId: bigint
    index: number
    /** from 1 to 3, more than the last one's */
    amendment: number
    root: string
    lastStateRoot: string
    /** the beacon that seeded the window's data, see beaconWord; a chain that has another one refuses */
    beacon: string
    evidence: string
  },
): Promise<Sent> {
  const { orderId, index, amendment, root, lastStateRoot, beacon, evidence } = args
  const window = [orderId, index, amendment, root, lastStateRoot, beacon, evidence] as const
  return send(context, 'windows', 'amendWindow', window)
}

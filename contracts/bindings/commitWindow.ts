import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller, while training: commits the next window. `root` is its leaves' tree, `evidence` the CID of the leaves. */
export function commitWindow(
  context: ChainContext,
  args: {
    orderId: bigint
    index: number
    root: string
    segments: number
    lastStateRoot: string
    /** the beacon that seeded the window's data, see beaconWord; a chain that has another one refuses */
    beacon: string
    evidence: string
  },
): Promise<Sent> {
  const { orderId, index, root, segments, lastStateRoot, beacon, evidence } = args
  const window = [orderId, index, root, segments, lastStateRoot, beacon, evidence] as const
  return send(context, 'windows', 'commitWindow', window)
}

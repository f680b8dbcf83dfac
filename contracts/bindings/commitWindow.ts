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
    evidence: string
  },
): Promise<Sent> {
  const { orderId, index, root, segments, lastStateRoot, evidence } = args
  return send(context, 'proofs', 'commitWindow', [orderId, index, root, segments, lastStateRoot, evidence])
}

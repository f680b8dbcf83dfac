import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller of one of a pair, for each window in order, once `readOpenable` counts it: says what it sealed. Also after the end. */
export function openWindow(
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
  return send(context, 'windows', 'openWindow', [orderId, index, root, segments, lastStateRoot, evidence])
}

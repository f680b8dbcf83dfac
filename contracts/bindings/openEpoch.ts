import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Opens the current epoch: fixes its beacon's block and what a win pays. */
export function openEpoch(context: ChainContext): Promise<Sent> {
  return send(context, 'rewards', 'openEpoch', [])
}

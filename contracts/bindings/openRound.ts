import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Opens a benchmark round for all machines; the block's hash must have drawn it, unless a round is overdue. */
export function openRound(context: ChainContext, args: { luckyBlock: number }): Promise<Sent> {
  return send(context, 'hashrate', 'openRound', [BigInt(args.luckyBlock)])
}

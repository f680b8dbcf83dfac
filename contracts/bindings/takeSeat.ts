import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Takes an auditor’s seat in a hardware class; reserves the seat’s stake from the caller’s bond. */
export function takeSeat(context: ChainContext, args: { hardwareClass: string }): Promise<Sent> {
  return send(context, 'staking', 'takeSeat', [args.hardwareClass])
}

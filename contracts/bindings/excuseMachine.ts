import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Says that an order is on a machine: the open benchmark round does not count against it. */
export function excuseMachine(context: ChainContext, args: { machineId: bigint }): Promise<Sent> {
  return send(context, 'hashrate', 'excuse', [args.machineId])
}

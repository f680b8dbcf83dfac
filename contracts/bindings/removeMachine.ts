import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Owner: removes a machine and its offer; refused while an order runs on it. */
export function removeMachine(context: ChainContext, args: { machineId: bigint }): Promise<Sent> {
  return send(context, 'machines', 'removeMachine', [args.machineId])
}

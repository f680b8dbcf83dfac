import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Owner: the machine is up. */
export function heartbeat(context: ChainContext, args: { machineId: bigint }): Promise<Sent> {
  return send(context, 'machines', 'heartbeat', [args.machineId])
}

import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Leaves a drilling task, since an order is on the caller's machine. */
export function dropTask(context: ChainContext, args: { taskId: bigint; machineId: bigint }): Promise<Sent> {
  return send(context, 'drilling', 'drop', [args.taskId, args.machineId])
}

import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Draws the machines of a task. */
export function drawMembers(context: ChainContext, args: { taskId: bigint }): Promise<Sent> {
  return send(context, 'drilling', 'drawMembers', [args.taskId])
}

import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Closes a task: credits the majority, or has it drawn anew. */
export function closeTask(context: ChainContext, args: { taskId: bigint }): Promise<Sent> {
  return send(context, 'drilling', 'closeTask', [args.taskId])
}

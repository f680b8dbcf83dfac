import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Opens a committed result. */
export function revealResult(
  context: ChainContext,
  args: { taskId: bigint; machineId: bigint; result: string; salt: string },
): Promise<Sent> {
  return send(context, 'drilling', 'revealResult', [args.taskId, args.machineId, args.result, args.salt])
}

import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Commits to a task's result; see drillCommitment. */
export function commitResult(
  context: ChainContext,
  args: { taskId: bigint; machineId: bigint; commitment: string },
): Promise<Sent> {
  return send(context, 'drilling', 'commitResult', [args.taskId, args.machineId, args.commitment])
}

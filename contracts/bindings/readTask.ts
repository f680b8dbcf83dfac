import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type TaskFacts = OutputOf<'drilling', 'taskOf'>

/** A drilling task, its stage and members. */
export function readTask(context: ChainContext, taskId: bigint): Promise<TaskFacts> {
  return read(context, 'drilling', 'taskOf', [taskId])
}

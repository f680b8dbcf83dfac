import type { OrderContext } from '../engine/context.ts'
import { fileIsThere } from '../engine/fileIsThere.ts'
import { writeSeed } from '../engine/prepareRun.ts'
import { runName } from '../engine/runName.ts'
import type { Action } from '../order/action.ts'

/** Hands a seed to the run under way; a run prepared later gets it with its job directory. */
export async function writeWindowSeed(order: OrderContext, window: number): Promise<Action> {
  const state = order.state()
  const record = order.journal.seedsOf(order.orderId)[window]
  if (record && 'work' in state && state.work) {
    const dir = order.paths.runDir(runName(state.work.attempt))
    if (await fileIsThere(dir)) await writeSeed(dir, window, record.seed)
  }
  return { type: 'SeedWritten', window }
}

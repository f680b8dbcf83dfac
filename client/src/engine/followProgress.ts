import { join } from 'node:path'
import type { OrderContext } from './context.ts'
import { runName } from './runName.ts'
import { waitForChange } from './waitForChange.ts'

const POLL_MS = 400

/** Keeps reading a run's progress until signal aborts; the order's progress tail emits the events. */
export async function followProgress(
  order: OrderContext,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  const out = join(order.paths.runDir(runName(attempt)), 'out')
  const tail = order.progress(attempt)
  while (!signal.aborted) {
    await tail.poll()
    await waitForChange(out, POLL_MS, signal)
  }
}

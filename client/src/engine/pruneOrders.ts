import { rm } from 'node:fs/promises'
import type { DaemonContext } from './context.ts'
import { orderPaths } from './orderPaths.ts'

const FETCH_TIME_MS = 3_600_000

/**
 * Deletes the files of orders that were settled before settledBeforeMs; the journal keeps what they were.
 * Their checkpoints can no longer be fetched here then.
 */
export async function pruneOrders(
  daemon: Pick<DaemonContext, 'journal' | 'logger'> & { config: { dataDir: string } },
  settledBeforeMs: number,
): Promise<void> {
  const { journal, config, logger } = daemon
  for (const { state, updatedAtMs } of journal.loadOrders()) {
    const isOver = state.phase === 'settled' && state.cleaned && updatedAtMs < settledBeforeMs
    if (!isOver || journal.fact<boolean>(`pruned:${state.orderId}`)) continue
    await rm(orderPaths(config.dataDir, state.orderId).root, { recursive: true, force: true })
    journal.saveFact(`pruned:${state.orderId}`, true)
    logger.info({ msg: 'deleted the files of a settled order', orderId: state.orderId })
  }
}

/** On a full disk: deletes settled orders' files, except of those that their buyers may be fetching now. */
export function reclaimSpace(daemon: Parameters<typeof pruneOrders>[0]): Promise<void> {
  return pruneOrders(daemon, Date.now() - FETCH_TIME_MS)
}

import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { reclaimSpace } from '../engine/pruneOrders.ts'
import { ORDER_SPARE_BYTES, requireDiskSpace } from '../engine/requireDiskSpace.ts'
import { type Journal, openJournal } from '../journal/openJournal.ts'

/**
 * Opens the daemon's journal. Throws CannotContinue if the disk has less room than the smallest order needs:
 * an order taken then would be given up, at the price of the stake. Orders under way are taken up regardless.
 */
export async function openJournalWithRoom(config: Config, logger: Logger): Promise<Journal> {
  const { dataDir } = config
  const journal = await openOrTellFullDisk(dataDir)
  try {
    const isIdle = journal.loadOrders().every(({ state }) => state.phase === 'settled')
    if (isIdle) {
      await requireDiskSpace(dataDir, ORDER_SPARE_BYTES, () => reclaimSpace({ journal, config, logger }))
    }
    return journal
  } catch (error) {
    journal.close()
    throw error
  }
}

async function openOrTellFullDisk(dataDir: string): Promise<Journal> {
  try {
    return openJournal(join(dataDir, 'journal.sqlite'))
  } catch (error) {
    await requireDiskSpace(dataDir, ORDER_SPARE_BYTES, async () => undefined)
    throw error
  }
}

import { join } from 'node:path'
import { describeState } from '../../engine/describeState.ts'
import { fileIsThere } from '../../engine/fileIsThere.ts'
import { openJournal } from '../../journal/openJournal.ts'
import type { OrderStatus } from '../readStatus.ts'

/** The orders of a daemon that does not run, from its journal; empty if another process has that open. */
export async function knownOrders(dataDir: string): Promise<OrderStatus[]> {
  const file = join(dataDir, 'journal.sqlite')
  if (!(await fileIsThere(file))) return []
  let journal: ReturnType<typeof openJournal>
  try {
    journal = openJournal(file)
  } catch {
    return []
  }
  try {
    return journal.loadOrders().map(({ state }) => ({ orderId: state.orderId, ...describeState(state) }))
  } finally {
    journal.close()
  }
}

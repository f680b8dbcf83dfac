import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import { isSame } from './isSame.ts'
import type { VerdictRecord } from './journal.ts'

type Reader = { readonly context: ChainContext; readonly account: string }

/** What a record's commitment is on chain. */
export function commitmentOf({ account }: Reader, record: VerdictRecord): string {
  return verdictCommitment({ ...record, auditor: account, report: record.reportCid })
}

/** Since the order's start, or since the larger panel was drawn: what was said before that counts no more. */
export async function eventsOfRound({ context }: Reader, orderId: bigint, order: OrderFacts) {
  const { blockNumber } = await readHead(context)
  const events = await readEvents(context, order.startedBlock, blockNumber)
  const redrawn = events.findLastIndex(
    ({ name, args }) => name === 'PanelRedrawn' && args.orderId === orderId,
  )
  return events.slice(redrawn + 1)
}

/** Whether this very commitment is on chain: the process may have died, or the node gone, right after it was sent. */
export async function isCommitted(
  reader: Reader,
  record: VerdictRecord,
  order: OrderFacts,
): Promise<boolean> {
  const commitment = commitmentOf(reader, record)
  const events = await eventsOfRound(reader, record.orderId, order)
  return events.some((event) => event.name === 'VerdictsCommitted' && event.args.commitment === commitment)
}

/** Whether this record was revealed, for the same reason. */
export async function isRevealed(reader: Reader, record: VerdictRecord, order: OrderFacts): Promise<boolean> {
  for (const event of await eventsOfRound(reader, record.orderId, order)) {
    if (event.name !== 'VerdictsRevealed' || event.args.orderId !== record.orderId) continue
    if (isSame(event.args.auditor, reader.account)) return true
  }
  return false
}

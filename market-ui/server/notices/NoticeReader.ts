import type { Notice } from '../api/accountSchemas.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import { toNotices } from './toNotices.ts'

/** Reads what happened that concerns an account. Everything in it is on the public chain. */
export class NoticeReader {
  readonly #rows: ChainRows

  constructor(rows: ChainRows) {
    this.#rows = rows
  }

  /** The newest notices for an account, newest first, from a block on. */
  async read(account: string, limit: number, fromBlock = 0): Promise<Notice[]> {
    const events = await this.#rows.eventsConcerning(account, limit, fromBlock)
    const notices: Notice[] = []
    for (const event of events) {
      const facts = event.orderId === null ? undefined : await this.#rows.order(event.orderId)
      if (facts) notices.push(...toNotices(event, facts, account))
    }
    return notices
  }
}

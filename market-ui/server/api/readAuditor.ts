import type { ChainRows } from '../db/ChainRows.ts'
import type { Auditor } from './accountSchemas.ts'

/** Panels that are looked at: the newest. */
const MAX_PANELS = 200

/** Which audits an account was drawn for and what the settlements paid it for them. Parties of an order are never drawn. */
export const readAuditor = async (rows: ChainRows, account: string): Promise<Auditor> => {
  const drawn = await rows.panelsWith(account, MAX_PANELS)
  let [open, earnedWei] = [0, 0n]
  for (const orderId of drawn) {
    const settled = (await rows.eventsOfOrder(orderId)).findLast((event) => event.name === 'OrderSettled')
    if (settled) earnedWei += await paidIn(rows, settled.txHash, account)
    else open += 1
  }
  return { account, drawn: drawn.length, open, earnedWei: String(earnedWei) }
}

const paidIn = async (rows: ChainRows, txHash: string, account: string): Promise<bigint> => {
  const events = await rows.eventsOfTx(txHash)
  return events
    .flatMap((event) => (event.name === 'PaidOut' ? event.args.payouts : []))
    .filter(({ to }) => to === account)
    .reduce((sum, { amountWei }) => sum + BigInt(amountWei), 0n)
}

import type { ChainRows } from '../db/ChainRows.ts'
import type { Auditors } from './accountSchemas.ts'

/** Orders that are looked at: the newest. */
const MAX_ORDERS = 200

type Sum = { drawn: number; gave: number; earnedWei: bigint }

/** Who was drawn for the last 200 orders, gave verdicts, and what these orders' settlements paid them; the best paid first. */
export const readAuditors = async (rows: ChainRows): Promise<Auditors> => {
  const sums = new Map<string, Sum>()
  const orderIds = (await rows.orderIds()).slice(0, MAX_ORDERS)
  for (const orderId of orderIds) {
    const events = await rows.eventsOfOrder(orderId)
    const gave = new Set(
      events.flatMap((event) => (event.name === 'VerdictsRevealed' ? [event.args.auditor] : [])),
    )
    const drawn = events.flatMap((event) => (event.name === 'PanelDrawn' ? event.args.panel : []))
    const settled = events.findLast((event) => event.name === 'OrderSettled')
    const paid = settled ? await rows.eventsOfTx(settled.txHash) : []
    for (const account of new Set([...drawn, ...gave])) {
      const sum = sums.get(account) ?? { drawn: 0, gave: 0, earnedWei: 0n }
      sum.drawn += 1
      if (gave.has(account)) sum.gave += 1
      for (const event of paid)
        if (event.name === 'PaidOut')
          for (const { to, amountWei } of event.args.payouts)
            if (to === account) sum.earnedWei += BigInt(amountWei)
      sums.set(account, sum)
    }
  }
  const auditors = [...sums]
    .sort(([, a], [, b]) =>
      a.earnedWei === b.earnedWei ? b.drawn - a.drawn : a.earnedWei < b.earnedWei ? 1 : -1,
    )
    .map(([account, { earnedWei, ...counts }]) => ({ account, ...counts, earnedWei: String(earnedWei) }))
  return { auditors, orders: orderIds.length }
}

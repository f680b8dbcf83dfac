import type { ChainRows } from '../db/ChainRows.ts'
import type { Auditors } from './accountSchemas.ts'

/** Orders that are looked at: the newest. */
const MAX_ORDERS = 200

type Sum = { orders: number; passed: number; earnedWei: bigint }

/** Who gave verdicts on the last 200 orders, on how many, and what their settlements paid them; the best paid first. */
export const readAuditors = async (rows: ChainRows): Promise<Auditors> => {
  const sums = new Map<string, Sum>()
  const orderIds = (await rows.orderIds()).slice(0, MAX_ORDERS)
  for (const orderId of orderIds) {
    const events = await rows.eventsOfOrder(orderId)
    const revealed = events.flatMap((event) =>
      event.name === 'VerdictsRevealed' ? [event.args.auditor] : [],
    )
    if (revealed.length === 0) continue
    const settled = events.findLast((event) => event.name === 'OrderSettled')
    const isPassed =
      events.some((event) => event.name === 'AuditPassed') || settled?.args.status === 'Completed'
    const paid = settled ? await rows.eventsOfTx(settled.txHash) : []
    for (const account of new Set(revealed)) {
      const sum = sums.get(account) ?? { orders: 0, passed: 0, earnedWei: 0n }
      sum.orders += 1
      if (isPassed) sum.passed += 1
      for (const event of paid)
        if (event.name === 'PaidOut')
          for (const { to, amountWei } of event.args.payouts)
            if (to === account) sum.earnedWei += BigInt(amountWei)
      sums.set(account, sum)
    }
  }
  const auditors = [...sums]
    .sort(([, a], [, b]) =>
      a.earnedWei === b.earnedWei ? b.orders - a.orders : a.earnedWei < b.earnedWei ? 1 : -1,
    )
    .map(([account, { earnedWei, ...counts }]) => ({ account, ...counts, earnedWei: String(earnedWei) }))
  return { auditors, orders: orderIds.length }
}

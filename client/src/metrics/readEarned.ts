import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { Ready } from '../api/buildApi.ts'

/** What the daemon's settled orders have paid its seller together, in wei. Throws ChainUnreachable. */
export async function readEarned({ machines, book }: Ready): Promise<bigint> {
  const { journal, chain } = machines[0]
  let sumWei = 0n
  for (const { order } of book.all()) {
    if (order.state().phase !== 'settled') continue
    const fact = `paidWei:${order.orderId}`
    let paidWei = journal.fact<string>(fact)
    if (paidWei === undefined) {
      paidWei = String((await readOrder(chain, BigInt(order.orderId))).paidWei)
      journal.saveFact(fact, paidWei) // a settled order is paid for good
    }
    sumWei += BigInt(paidWei)
  }
  return sumWei
}

import { creditOrder } from '@trainyard/contracts/creditOrder.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { read } from '@trainyard/contracts/read.ts'
import type { Scorer } from './scorer.ts'

/** Credits the machine's settled orders while it has a fresh score; those that were not proved are not asked for again. */
export async function creditOrders(scorer: Scorer): Promise<void> {
  const { chain, machineId, journal, logger } = scorer
  const open = scorer.settledOrders().filter((orderId) => !journal.fact(`credited ${orderId}`))
  if (open.length === 0) return
  if ((await read(chain, 'hashrate', 'freshMflops', [machineId])) === 0n) return
  for (const orderId of open) {
    try {
      await creditOrder(chain, { orderId })
      logger.info({ msg: 'order credited', orderId: String(orderId) })
    } catch (error) {
      const isFinal =
        error instanceof ChainError && ['HashrateCredited', 'HashrateNotProved'].includes(error.errorName)
      if (!isFinal) throw error
    }
    journal.saveFact(`credited ${orderId}`, true)
  }
}

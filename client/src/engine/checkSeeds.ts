import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import type { OrderContext } from './context.ts'

/**
 * Compares the seeds that are not yet fixed by a commitment with the chain's beacons. Returns the first
 * window whose beacon is another one now, after forgetting its seed and the later ones.
 */
export async function checkSeeds(order: OrderContext): Promise<number | undefined> {
  const state = order.state()
  if (!('work' in state) || !state.work) return undefined
  if (state.phase !== 'selfTest' && state.phase !== 'starting' && state.phase !== 'training') return undefined
  const seeds = order.journal.seedsOf(order.orderId)
  for (let window = state.work.committed; window < state.work.seeds; window++) {
    const { value } = await readBeacon(order.chain, BigInt(order.orderId), window)
    if (value === seeds[window]?.beacon) continue
    order.journal.dropSeeds(order.orderId, window)
    return window
  }
  return undefined
}

import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import type { Action } from '../order/action.ts'
import type { OrderState, Work } from '../order/state.ts'
import type { OrderContext } from './context.ts'

const USES_SEEDS: readonly OrderState['phase'][] = ['selfTest', 'starting', 'training', 'closing']

/**
 * Compares the seeds of windows before `endWindow` that are not yet fixed by a commitment with the chain's
 * beacons: a reorg changes a beacon. Forgets the first changed one and the later ones, and returns what to tell the order; undefined if all stand.
 */
export async function checkSeeds(order: OrderContext, endWindow = Infinity): Promise<Action | undefined> {
  const { chain, journal, logger, orderId } = order
  const work = workOf(order.state())
  if (!work) return undefined
  for (let window = work.committed; window < Math.min(work.seeds, endWindow); window++) {
    const former = journal.seedsOf(orderId)[window]
    const asked = former && { value: former.beacon, position: former.beaconBlock }
    const { value, position } = await readBeacon(chain, BigInt(orderId), window, asked)
    // Journal and state as they are now: the seed may have been replaced or fixed while the chain was read.
    if (window < (workOf(order.state())?.committed ?? 0)) continue
    const known = journal.seedsOf(orderId)[window]
    if (known?.beacon === value && known.beaconBlock === position) continue
    logger.warn({ msg: 'a beacon is another one now', orderId, window, beaconBlock: position })
    journal.dropSeeds(orderId, window)
    return { type: 'SeedsChanged', window }
  }
  return undefined
}

function workOf(state: OrderState): Work | undefined {
  return 'work' in state && USES_SEEDS.includes(state.phase) ? state.work : undefined
}

import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import type { OrderContext } from '../engine/context.ts'
import type { Action } from '../order/action.ts'

const ZERO = `0x${'00'.repeat(32)}`

/** Waits until beacon `window`, a block or a drand round, is there, and journals the seed that follows from it. */
export async function awaitSeed(order: OrderContext, window: number, signal: AbortSignal): Promise<Action> {
  const { chain, orderId, journal, head } = order
  const job = await order.job()
  const twin = await order.twin()
  for (;;) {
    const { value, position } = await readBeacon(chain, BigInt(orderId), window)
    if (value !== ZERO) {
      signal.throwIfAborted() // its anchor may have been amended meanwhile
      const seed = windowSeed({ jobSeed: job.seed, orderId, twin, window, beacon: value })
      journal.saveSeed(orderId, window, { seed, beacon: value, beaconBlock: position })
      return { type: 'SeedKnown', window }
    }
    await head.next(signal)
  }
}

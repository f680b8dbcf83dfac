import { readTwin } from '@trainyard/contracts/readTwin.ts'
import { fetchBundle } from '../buyer/fetchBundle.ts'
import { watchOrder } from '../buyer/watchOrder.ts'
import { amountsIn } from './amountsIn.ts'
import { keepAgreed } from './keepAgreed.ts'
import type { ChainOptions } from './options.ts'
import { REPLAYER } from './replayer.ts'
import type { Rim } from './rim.ts'
import { orderFacts, tellEvent } from './tellEvent.ts'
import { tellPair } from './tellPair.ts'
import { withChain } from './withChain.ts'

export type WatchOptions = ChainOptions & { store?: string; out?: string; fetch?: boolean }

/**
 * Tells what happens to an order until the chain has settled it; exit code 1 if it did not complete. Of a refereed order whose pair
 * agreed it fetches the model while it can still be challenged, unless told not to; 1 as well if that cannot be had or is invalid.
 */
export async function watchCommand(orderId: bigint, options: WatchOptions, rim: Rim): Promise<void> {
  const signal = rim.interrupted()
  const say = rim.say(options)
  await withChain(options, rim, async (context, { store, rpc }) => {
    const onEvent = tellEvent(say, await amountsIn(context))
    await tellPair(say, context, orderId)
    const { out = `order-${orderId}` } = options
    // Not compared with the chain, which goes on meanwhile: it was just read from there.
    const fetch = () => fetchBundle({ context, orderId, store, out, replayer: [...REPLAYER] })
    const mustFetch = options.fetch !== false && (await readTwin(context, orderId)) !== undefined
    const places = { rpc, store }
    const [facts, kept] = await Promise.all([
      watchOrder({ context, orderId, onEvent, signal }),
      mustFetch ? keepAgreed({ context, orderId, out, fetch, places, say, signal }) : 'none',
    ])
    const pair = await tellPair(say, context, orderId)
    // Without --json the last line has said it already.
    const model = kept === 'none' ? {} : { model: kept, out }
    if (say.json) say.answer({ orderId, ...orderFacts(facts), ...(pair && { pair }), ...model }, '')
    if (facts.status !== 'Completed' || kept === 'missing' || kept === 'invalid') rim.exitWith(1)
  })
}

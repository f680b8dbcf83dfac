import { watchOrder } from '../buyer/watchOrder.ts'
import { amountsIn } from './amountsIn.ts'
import type { ChainOptions } from './options.ts'
import type { Rim } from './rim.ts'
import { orderFacts, tellEvent } from './tellEvent.ts'
import { tellPair } from './tellPair.ts'
import { withChain } from './withChain.ts'

/** Tells what happens to an order until the chain has settled it; exit code 1 if it did not complete. */
export async function watchCommand(orderId: bigint, options: ChainOptions, rim: Rim): Promise<void> {
  const signal = rim.interrupted()
  const say = rim.say(options)
  await withChain(options, rim, async (context) => {
    const onEvent = tellEvent(say, await amountsIn(context))
    await tellPair(say, context, orderId)
    const facts = await watchOrder({ context, orderId, onEvent, signal })
    const pair = await tellPair(say, context, orderId)
    // Without --json the last line has said it already.
    if (say.json) say.answer({ orderId, ...orderFacts(facts), ...(pair && { pair }) }, '')
    if (facts.status !== 'Completed') rim.exitWith(1)
  })
}

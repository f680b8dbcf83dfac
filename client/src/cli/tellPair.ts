import type { ChainContext } from '@trainyard/contracts/context.ts'
import { type Pair, pairText, readPair } from '@trainyard/verifier/referee/readPair.ts'
import type { Say } from './say.ts'

/** Says of a refereed order how it stands beside its twin; nothing of any other. */
export async function tellPair(say: Say, context: ChainContext, orderId: bigint): Promise<Pair | undefined> {
  const pair = await readPair(context, orderId)
  if (pair) say.progress({ event: 'pair', ...pair }, `pair      ${pairText(pair)}`)
  return pair
}

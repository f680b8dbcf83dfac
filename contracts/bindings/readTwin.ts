import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** The order that this one is paired with (mode Refereed); undefined: none. */
export async function readTwin(context: ChainContext, orderId: bigint): Promise<bigint | undefined> {
  return (await read(context, 'windows', 'twinOf', [orderId])) || undefined
}

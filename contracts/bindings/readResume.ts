import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** The proved checkpoint that an order starts at: the last state of a window of another order. */
export type ResumeFacts = {
  readonly fromOrderId: bigint
  readonly window: number
  readonly stateRoot: string
}

/** Where an order resumes from; undefined if it begins anew. Throws ChainUnreachable. */
export async function readResume(context: ChainContext, orderId: bigint): Promise<ResumeFacts | undefined> {
  const facts = await read(context, 'windows', 'resumeOf', [orderId])
  return facts.fromOrderId === 0n ? undefined : facts
}

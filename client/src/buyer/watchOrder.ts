import { setTimeout as delay } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { ClientError } from '../errors.ts'
import { endpointOf } from './endpointOf.ts'
import type { StreamEvent } from './parseEventStream.ts'
import { readEventStream } from './readEventStream.ts'

const POLL_MS = 1_000
const RETRY_MS = 1_000

/** What happens to an order: what its daemon tells, and each change of its status on chain. */
export type WatchEvent = StreamEvent | { event: 'order'; facts: OrderFacts }

/**
 * Follows an order until the chain has settled it. The daemon's stream is resumed when it breaks; only the
 * chain says what is true. Throws ClientError if there is no such order, ChainUnreachable if the node stops answering.
 */
export async function watchOrder(args: {
  context: ChainContext
  orderId: bigint
  onEvent: (event: WatchEvent) => void
  signal: AbortSignal
}): Promise<OrderFacts> {
  const { context, orderId, onEvent, signal } = args
  if ((await readOrder(context, orderId)).status === 'None') {
    throw new ClientError(
      `There is no order ${orderId} on this chain.`,
      'Look at the number that "trainyard order" gave.',
    )
  }
  const done = new AbortController()
  const both = AbortSignal.any([signal, done.signal])
  const streaming = followStream(context, orderId, onEvent, both)
  try {
    let status = ''
    for (;;) {
      signal.throwIfAborted()
      const facts = await readOrder(context, orderId)
      if (facts.status !== status) onEvent({ event: 'order', facts })
      status = facts.status
      if (facts.settledAt !== 0) return facts
      await delay(POLL_MS, undefined, { signal })
    }
  } finally {
    done.abort()
    await streaming
  }
}

/** The stream only illustrates: whatever happens to it, the chain is read all the while. */
async function followStream(
  context: ChainContext,
  orderId: bigint,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = () => endpointOf(context, orderId)
  while (!signal.aborted) {
    try {
      for await (const event of readEventStream({ endpoint, orderId, once: false, signal })) onEvent(event)
    } catch {
      // A daemon that has not seen the order yet refuses at first.
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}

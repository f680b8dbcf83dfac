import { z } from 'zod'
import { parseEventStream } from '../../buyer/parseEventStream.ts'

const TIMEOUT_MS = 8_000
const feedSchema = z.object({ state: z.string(), message: z.string() })

/** What a market says of its connection to the machine of an order. */
export type RelayAnswer = z.infer<typeof feedSchema>

/**
 * Asks a market server to connect to the machine of one of its orders, as it does for whoever watches, and
 * returns the last thing it said about that; undefined if the store is no market server.
 */
export async function askRelay(market: string, orderId: string): Promise<RelayAnswer | undefined> {
  let last: RelayAnswer | undefined
  try {
    const response = await fetch(`${market.replace(/\/+$/, '')}/api/orders/${orderId}/events`, {
      headers: { accept: 'text/event-stream' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok || !response.body) return undefined
    for await (const { event, data } of parseEventStream(response.body)) {
      if (event !== 'feed') continue
      last = feedSchema.parse(JSON.parse(data))
      if (last.state !== 'connecting') break
    }
  } catch {
    // Its time is over, or it is something else than a market: what it said until then counts.
  }
  return last
}

import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { type FeedEvent, feedEvent } from './feedEvent.ts'
import { limitBytes } from './limitBytes.ts'
import { type EndpointRequest, requestEndpoint } from './requestEndpoint.ts'

/**
 * Reads every step's loss of a settled order: live feeds report only some. Lines that are no progress are skipped.
 * Rejects with EndpointRefused if the seller does not serve it, StreamRefused if it is too large.
 */
export async function* readProgressFile(
  asked: Omit<EndpointRequest, 'path'>,
  orderId: number,
): AsyncGenerator<FeedEvent> {
  const answer = await requestEndpoint({ ...asked, path: `/orders/${orderId}/progress.jsonl` })
  const lines = createInterface({
    input: Readable.from(limitBytes(answer)),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) {
    const event = feedEvent({ id: '', event: 'progress', data: line })
    if (event !== undefined) yield event
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { ClientError } from '../errors.ts'
import { parseEventStream, type StreamEvent } from './parseEventStream.ts'

export type Endpoint = { base: string; headers: () => Promise<Record<string, string>> }

const RETRY_MS = 1_000
const FINAL = [400, 401, 403, 404]

/**
 * Reads an order's events from its daemon and takes the stream up where it broke. Ends when the signal aborts,
 * or with `once` after what is kept. Throws ClientError if the daemon refuses.
 */
export async function* readEventStream(args: {
  /** Asked before each connection: a seller may move, a grant expires. */
  endpoint: () => Promise<Endpoint>
  orderId: bigint
  once: boolean
  signal: AbortSignal
}): AsyncGenerator<StreamEvent> {
  const { endpoint, orderId, once, signal } = args
  let lastId = ''
  while (!signal.aborted) {
    try {
      const { base, headers } = await endpoint()
      const resume: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId }
      const response = await fetch(`${base}/orders/${orderId}/events${once ? '?once' : ''}`, {
        headers: { accept: 'text/event-stream', ...(await headers()), ...resume },
        redirect: 'error',
        signal,
      })
      if (FINAL.includes(response.status)) throw refused(response.status, orderId)
      if (response.ok && response.body) {
        for await (const event of parseEventStream(response.body)) {
          if (event.id !== '') lastId = event.id
          yield event
        }
        if (once) return
      }
    } catch (error) {
      if (error instanceof ClientError) throw error
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}

function refused(status: number, orderId: bigint): ClientError {
  if (status === 404) {
    return new ClientError(`Order ${orderId} is not on that machine.`, 'Check its number.')
  }
  return new ClientError(
    `The daemon does not tell this account about order ${orderId} (HTTP ${status}).`,
    'Use the account of a party to the order.',
  )
}

import type { ChainEvent } from './events.ts'
import type { Sent } from './send.ts'

/** The first event of that name in a transaction; throws if there is none, which only a wrong ABI can cause. */
export function eventIn<N extends ChainEvent['name']>(sent: Sent, name: N): Extract<ChainEvent, { name: N }> {
  const found = sent.events.find((event) => event.name === name)
  if (!found) throw new TypeError(`transaction ${sent.hash} has no event ${name}`)
  return found as Extract<ChainEvent, { name: N }>
}

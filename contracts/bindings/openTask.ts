import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Opens the next drilling task: the first that was submitted, or a fill-in. */
export function openTask(context: ChainContext): Promise<Sent> {
  return send(context, 'drilling', 'openTask', [])
}

import type { OrderContext } from '../engine/context.ts'

/** A sentence for the seller's log and for whoever follows the order. */
export function tell({ logger, events, orderId }: OrderContext, line: string): void {
  logger.warn({ msg: line, orderId })
  events.emit('log', { at: Date.now(), stream: 'stderr', line })
}

import type { OrderStatus } from './readStatus.ts'

/** One order of a daemon in a line. */
export function tellOrder({ orderId, phase, step, steps, message }: OrderStatus): string {
  const at = steps ? `, step ${step ?? 0} of ${steps}` : ''
  const rest = message ?? (phase === 'settled' ? 'It is closed.' : 'Only its parties may read more.')
  return `order ${orderId}: ${phase ?? 'unknown'}${at}. ${rest}`
}

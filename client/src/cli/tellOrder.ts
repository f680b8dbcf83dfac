import type { OrderStatus } from './readStatus.ts'

/** One order of a daemon in a line. */
export function tellOrder({ orderId, machineId, phase, step, steps, message, twin }: OrderStatus): string {
  const at = steps ? `, step ${step ?? 0} of ${steps}` : ''
  const rest = message ?? (phase === 'settled' ? 'It is closed.' : 'Only its parties may read more.')
  const where = machineId === undefined ? '' : ` on machine ${machineId}`
  const beside = twin === undefined ? '' : `, refereed with order ${twin}`
  return `order ${orderId}${where}${beside}: ${phase ?? 'unknown'}${at}. ${rest}`
}

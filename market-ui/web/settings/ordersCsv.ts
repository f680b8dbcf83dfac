import type { OrderSummary } from '../../server/api/schemas.ts'
import { exactDev } from '../format/formatWei.ts'

const header = [
  'order',
  'name',
  'role',
  'status',
  'machine',
  'placed',
  'settled',
  'steps',
  'committed steps',
  'escrow DEV',
  'audit fee DEV',
  'paid DEV',
  'came back DEV',
  'slashed DEV',
] as const

const dev = (wei: string): string => exactDev(wei, '').trim().replaceAll(',', '')
const time = (seconds: number): string => (seconds === 0 ? '' : new Date(seconds * 1000).toISOString())

/** Orders as RFC 4180 text. What strangers wrote gets a quote before it where a spreadsheet would run it as a formula. */
export const ordersCsv = (account: string, orders: readonly OrderSummary[]): string =>
  [header, ...orders.map((order) => rowOf(account, order))]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('')

const rowOf = (account: string, order: OrderSummary): readonly string[] => [
  order.orderId,
  order.jobName ?? '',
  order.seller.toLowerCase() === account.toLowerCase() ? 'seller' : 'buyer',
  order.status,
  order.machineId,
  time(order.placedAt),
  time(order.settledAt),
  String(order.steps),
  String(order.committedSteps),
  ...[order.escrowWei, order.auditFeeWei, order.paidWei, order.refundedWei, order.slashedWei].map(dev),
]

const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

import type { OrderSummary } from '@trainyard/market-ui/api/schemas.ts'
import { expect, test } from 'vitest'
import { ordersCsv } from '../../../market-ui/web/settings/ordersCsv.ts'

const seller = `0x${'aa'.repeat(20)}`
const order = {
  orderId: '7',
  jobName: '=HYPERLINK("http://evil.example","x, y")',
  status: 'Completed',
  machineId: '1',
  seller,
  placedAt: 1_800_000_000,
  settledAt: 0,
  steps: 1_280,
  committedSteps: 1_280,
  escrowWei: '1234500000000000000000',
  auditFeeWei: '1',
  paidWei: '0',
  refundedWei: '0',
  slashedWei: '0',
} as OrderSummary

test('default: amounts are exact and without separators, times are ISO, roles are told', () => {
  const rowFor = (account: string) => ordersCsv(account, [order]).split('\r\n')[1]
  const [bought, sold] = [rowFor('0x1'), rowFor(seller)]
  expect(bought).toContain(
    ',buyer,Completed,1,2027-01-15T08:00:00.000Z,,1280,1280,1234.5,0.000000000000000001,0,0,0',
  )
  expect(sold).toContain(',seller,')
})

test('error: a name that a spreadsheet would run is text, and its quotes and commas stay in one cell', () => {
  expect(ordersCsv('0x1', [order]).split('\r\n')[1]).toContain(
    `7,"'=HYPERLINK(""http://evil.example"",""x, y"")",buyer`,
  )
})

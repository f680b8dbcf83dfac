import { closeReasons } from '@trainyard/contracts/words.ts'
import { expect, test } from 'vitest'
import type { WatchEvent } from '../../../client/src/buyer/watchOrder.ts'
import { createSay } from '../../../client/src/cli/say.ts'
import { tellEvent } from '../../../client/src/cli/tellEvent.ts'
import { tellOrder } from '../../../client/src/cli/tellOrder.ts'

function told(events: WatchEvent[], json = false): string[] {
  const lines: string[] = []
  const tell = tellEvent(
    createSay(json, { stdout: (line) => lines.push(line), stderr: (line) => lines.push(line) }),
    (wei) => `${wei} DEV`,
  )
  for (const event of events) tell(event)
  return lines
}

const ended = (status: string, closeReason: number) =>
  ({
    event: 'order',
    facts: { status, closeReason, paidWei: 1n, refundedWei: 2n, settledAt: closeReason === 0 ? 0 : 9 },
  }) as WatchEvent

test('default: events are columns, not glued words', () => {
  const progress = { id: '1', event: 'progress', data: '{"step":128,"loss":0.5}' }
  expect(told([progress, ended('Training', 0)])).toEqual([
    'progress  step 128, loss 0.5',
    'order     Training',
  ])
})

test('behavior: an order that failed says why, by name', () => {
  const failed = ended('Failed', closeReasons.SELLER_GAVE_UP)
  expect(told([failed])).toEqual(['order     Failed (SELLER_GAVE_UP): 1 DEV paid, 2 DEV refunded'])
  expect(JSON.parse(told([failed], true)[0]!)).toEqual({
    ...{ event: 'order', status: 'Failed', closeReason: 'SELLER_GAVE_UP' },
    ...{ paidWei: '1', refundedWei: '2' },
  })
})

test('behavior: a daemon tells steps only of orders that have some', () => {
  const open = { orderId: '1', phase: 'training', step: 12, steps: 240, message: 'Training.' }
  expect(tellOrder(open)).toBe('order 1: training, step 12 of 240. Training.')
  expect(tellOrder({ orderId: '2', phase: 'settled' })).toBe('order 2: settled. It is closed.')
  expect(tellOrder({ orderId: '3', phase: 'fetching' })).toBe(
    'order 3: fetching. Only its parties may read more.',
  )
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepSwept } from '../../../client/src/drivers/keepSwept.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const HOUR_MS = 3_600_000
const orders = new Map([
  ['running', false],
  ['settled', true],
])

/** A driver that says of which orders it would remove runs, and can be out of reach. */
function sweeper() {
  const sweeps: string[][] = []
  const state = { broken: false }
  const sweep = async (isOpen: (orderId: string) => boolean) => {
    if (state.broken) throw new Error('no engine')
    const removed = ['running', 'settled', 'unknown'].filter((orderId) => !isOpen(orderId))
    sweeps.push(removed)
    return removed
  }
  return { driver: { sweep }, sweeps, state }
}

test('default: at once and every hour; unknown orders are given an hour to be found on the chain', async () => {
  const { driver, sweeps } = sweeper()
  const logger = { info: vi.fn(), warn: vi.fn() }
  const sweeping = keepSwept({ driver, isOver: (orderId) => orders.get(orderId), logger })
  await vi.advanceTimersByTimeAsync(0)
  expect(sweeps).toEqual([['settled']])
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS)
  expect(sweeps.slice(1)).toEqual([
    ['settled', 'unknown'],
    ['settled', 'unknown'],
  ])
  expect(logger.info).toHaveBeenCalledTimes(3)
  sweeping.stop()
  await vi.advanceTimersByTimeAsync(5 * HOUR_MS)
  expect(sweeps).toHaveLength(3)
})

test('error: an engine that is out of reach is tried again', async () => {
  const { driver, sweeps, state } = sweeper()
  const logger = { info: vi.fn(), warn: vi.fn() }
  state.broken = true
  const sweeping = keepSwept({ driver, isOver: (orderId) => orders.get(orderId), logger })
  await vi.advanceTimersByTimeAsync(0)
  expect(logger.warn).toHaveBeenCalledTimes(1)
  state.broken = false
  await vi.advanceTimersByTimeAsync(HOUR_MS)
  expect(sweeps).toHaveLength(1)
  sweeping.stop()
})

import type { ChainEvent } from '@trainyard/contracts/events.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { seenOrder } from '../order/state.ts'
import { backoff } from './backoff.ts'
import { checkSeeds } from './checkSeeds.ts'
import type { DaemonContext } from './context.ts'
import { createOrderRunner, type OrderRunner } from './createOrderRunner.ts'
import { isRetryable } from './isRetryable.ts'
import { readChain } from './readChain.ts'

/** How often open orders are read again even if no event asked for it. */
const REREAD_MS = 5_000

/** All orders of this machine. */
export type OrderBook = {
  get(orderId: string): OrderRunner | undefined
  all(): OrderRunner[]
  isBusy(): boolean
  onEvents(events: readonly ChainEvent[]): void
  onReorg(): void
  stop(): Promise<void>
}

/** Takes up the journalled orders and the one on the machine now; chain events add and wake orders. */
export async function createOrderBook(daemon: DaemonContext): Promise<OrderBook> {
  const runners = new Map<string, OrderRunner>()
  const waking = new Map<string, { again: boolean; seedsToo: boolean }>()
  const stopped = new AbortController()

  const readOnce = async (runner: OrderRunner, seedsToo: boolean) => {
    for (let failures = 0; !stopped.signal.aborted; ) {
      try {
        if (seedsToo) await redoChangedSeeds(runner)
        return runner.dispatch(await readChain(runner.order))
      } catch (error) {
        if (!isRetryable(error)) throw error
        await backoff(++failures, stopped.signal).catch(() => undefined)
      }
    }
  }
  const wake = async (orderId: string, seedsToo: boolean) => {
    const runner = runners.get(orderId)
    const underWay = waking.get(orderId)
    if (underWay) {
      underWay.again = true // what is being read may be older than this event
      underWay.seedsToo ||= seedsToo
    }
    if (!runner || underWay) return
    const mine = { again: true, seedsToo }
    waking.set(orderId, mine)
    try {
      while (mine.again && !stopped.signal.aborted) {
        const checkSeedsToo = mine.seedsToo
        mine.again = mine.seedsToo = false
        await readOnce(runner, checkSeedsToo)
      }
    } catch (err) {
      daemon.logger.error({ msg: 'the order could not be read', orderId, err })
    } finally {
      waking.delete(orderId)
    }
  }
  const add = (orderId: string) => {
    if (runners.has(orderId)) return
    const state = seenOrder(orderId)
    daemon.journal.saveOrder(state, Date.now())
    daemon.logger.info({ msg: 'new order', orderId })
    runners.set(orderId, createOrderRunner(daemon, state))
  }
  const open = () => [...runners.values()].filter(({ order }) => order.state().phase !== 'settled')

  for (const { state } of daemon.journal.loadOrders()) {
    runners.set(state.orderId, createOrderRunner(daemon, state))
  }
  const { currentOrderId } = await readMachine(daemon.chain, daemon.machineId)
  if (currentOrderId !== 0n) add(String(currentOrderId))
  for (const { order } of open()) void wake(order.orderId, true)
  const timer = setInterval(() => {
    for (const { order } of open()) void wake(order.orderId, false)
  }, REREAD_MS)

  return {
    get: (orderId) => runners.get(orderId),
    all: () => [...runners.values()],
    isBusy: () => open().length > 0,
    onEvents(events) {
      for (const event of events) {
        if (event.name === 'OrderPlaced' && event.args.machineId === daemon.machineId) {
          add(String(event.args.orderId))
        } else if ('orderId' in event.args) void wake(String(event.args.orderId), false)
      }
    },
    onReorg() {
      for (const { order } of open()) void wake(order.orderId, true)
    },
    async stop() {
      stopped.abort()
      clearInterval(timer)
      await Promise.all([...runners.values()].map((runner) => runner.stop()))
    },
  }
}

async function redoChangedSeeds(runner: OrderRunner): Promise<void> {
  const changed = await checkSeeds(runner.order)
  if (changed) runner.dispatch(changed)
}

import type { ChainEvent } from '@trainyard/contracts/events.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { nameOf } from '../config/machinesOf.ts'
import { seenOrder } from '../order/state.ts'
import { backoff } from './backoff.ts'
import { checkSeeds } from './checkSeeds.ts'
import type { DaemonContext, Machines } from './context.ts'
import { createOrderRunner, type OrderRunner } from './createOrderRunner.ts'
import { isRetryable } from './isRetryable.ts'
import { readChain } from './readChain.ts'

/** How often open orders are read again even if no event asked for it. */
const REREAD_MS = 5_000

/** All orders of a daemon's machines. */
export type OrderBook = {
  get(orderId: string): OrderRunner | undefined
  all(): OrderRunner[]
  /** Whether an order is open, on any machine or on this one. */
  isBusy(machineId?: bigint): boolean
  onEvents(events: readonly ChainEvent[]): void
  onReorg(): void
  stop(): Promise<void>
}

/** Takes up the journalled orders and those on the machines now; chain events add and wake orders. */
export async function createOrderBook(machines: Machines): Promise<OrderBook> {
  const { journal, logger, chain } = machines[0]
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
      logger.error({ msg: 'the order could not be read', orderId, err })
    } finally {
      waking.delete(orderId)
    }
  }
  const add = (orderId: string, machineId: bigint) => {
    if (runners.has(orderId)) return
    const state = seenOrder(orderId)
    journal.saveFact(machineFact(orderId), String(machineId))
    journal.saveOrder(state, Date.now())
    const machine = machineOf(machines, orderId)
    logger.info({ msg: 'new order', orderId, ...nameOf(machine.config) })
    runners.set(orderId, createOrderRunner(machine, state))
  }
  const isOwn = (id: bigint) => machines.some(({ machineId }) => machineId === id)
  const open = () => [...runners.values()].filter(({ order }) => order.state().phase !== 'settled')

  for (const { state } of journal.loadOrders()) {
    runners.set(state.orderId, createOrderRunner(machineOf(machines, state.orderId), state))
  }
  for (const { machineId } of machines) {
    const { currentOrderId } = await readMachine(chain, machineId)
    if (currentOrderId !== 0n) add(String(currentOrderId), machineId)
  }
  for (const { order } of open()) void wake(order.orderId, true)
  const timer = setInterval(() => {
    for (const { order } of open()) void wake(order.orderId, false)
  }, REREAD_MS)

  return {
    get: (orderId) => runners.get(orderId),
    all: () => [...runners.values()],
    isBusy: (machineId) =>
      open().some(({ order }) => machineId === undefined || order.machineId === machineId),
    onEvents(events) {
      for (const event of events) {
        if (event.name === 'OrderPlaced' && isOwn(event.args.machineId)) {
          add(String(event.args.orderId), event.args.machineId)
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

const machineFact = (orderId: string) => `machineOf:${orderId}`

/** The machine that an order is on. One that is no longer in the configuration still ends what it began. */
function machineOf(machines: Machines, orderId: string): DaemonContext {
  const [first] = machines
  const id = first.journal.fact<string>(machineFact(orderId))
  if (id === undefined) return first
  return machines.find(({ machineId }) => String(machineId) === id) ?? { ...first, machineId: BigInt(id) }
}

async function redoChangedSeeds(runner: OrderRunner): Promise<void> {
  const changed = await checkSeeds(runner.order)
  if (changed) runner.dispatch(changed)
}

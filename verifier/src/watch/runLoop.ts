import { setTimeout as sleep } from 'node:timers/promises'
import { pollingIntervalMs } from '@trainyard/contracts/pollingIntervalMs.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import type { Logger } from 'pino'
import type { Auditor } from './auditor.ts'
import { beside } from './beside.ts'
import { createDisputeWatch, type DisputeWatch } from './disputeWatch.ts'
import { followChain } from './followChain.ts'
import { type BenchmarkWatch, judgeBenchmarks } from './judgeBenchmarks.ts'
import { createOrderWatch, type OrderWatch } from './orderWatch.ts'
import { publishReports } from './publishReports.ts'
import { stepDispute } from './stepDispute.ts'
import { type Head, stepOrder } from './stepOrder.ts'

const PAUSE_AFTER_ERROR_MS = 2_000
const PUBLISH_EVERY_MS = 5_000
const BENCHMARKS_EVERY_MS = 3_000

type Task<W> = { readonly watch: W; busy: Promise<void> | undefined; pausedUntilMs: number }

/** What is looked at again and again: the orders in audit, or the disputes, that the journal has open. */
type Kind<W> = {
  readonly openIds: () => bigint[]
  readonly create: (id: bigint) => W
  readonly step: (watch: W, head: Head) => Promise<boolean>
  readonly close: (id: bigint) => void
  readonly name: string
  readonly tasks: Map<bigint, Task<W>>
}

/** Looks at one of them; whatever goes wrong there is logged and tried again later, and harms no other. */
async function look<W>(kind: Kind<W>, id: bigint, task: Task<W>, head: Head, log: Logger): Promise<void> {
  try {
    if (!(await kind.step(task.watch, head))) kind.close(id)
  } catch (error) {
    task.pausedUntilMs = Date.now() + PAUSE_AFTER_ERROR_MS
    log.warn({ [kind.name]: String(id), err: error }, 'trying again')
  }
}

function startLooks<W>(kind: Kind<W>, head: Head, log: Logger): void {
  const { tasks } = kind
  const open = new Set(kind.openIds())
  for (const id of tasks.keys()) if (!open.has(id)) tasks.delete(id)
  for (const id of open) {
    const task = tasks.get(id) ?? { watch: kind.create(id), busy: undefined, pausedUntilMs: 0 }
    tasks.set(id, task)
    if (task.busy || Date.now() < task.pausedUntilMs) continue
    task.busy = look(kind, id, task, head, log).finally(() => {
      task.busy = undefined
    })
  }
}

function ordersOf(auditor: Auditor): Kind<OrderWatch> {
  const { journal } = auditor
  return {
    openIds: () => journal.openOrders(),
    create: createOrderWatch,
    step: (watch, head) => stepOrder(auditor, watch, head),
    close: (id) => journal.closeOrder(id),
    name: 'orderId',
    tasks: new Map(),
  }
}

function disputesOf(auditor: Auditor): Kind<DisputeWatch> {
  const { journal } = auditor
  return {
    openIds: () => journal.openDisputes(),
    create: createDisputeWatch,
    step: (watch, head) => stepDispute(auditor, watch, head),
    close: (id) => journal.closeDispute(id),
    name: 'disputeId',
    tasks: new Map(),
  }
}

/** Follows the chain and looks at every open order and dispute again and again, until `signal` aborts. */
export async function runLoop(auditor: Auditor, signal: AbortSignal): Promise<void> {
  const { context, log } = auditor
  const orders = ordersOf(auditor)
  const disputes = disputesOf(auditor)
  const benchmarks: BenchmarkWatch = { fromBlock: undefined, open: [] }
  const asides = [
    beside(BENCHMARKS_EVERY_MS, (head: Head) => judgeBenchmarks(auditor, benchmarks, head), log),
    beside(PUBLISH_EVERY_MS, () => publishReports(auditor), log),
  ]
  while (!signal.aborted) {
    try {
      const head = await readHead(context)
      await followChain(auditor, head.blockNumber)
      startLooks(orders, head, log)
      startLooks(disputes, head, log)
      for (const { start } of asides) start(head)
    } catch (error) {
      log.warn({ err: error }, 'the chain does not answer: nothing is known, nothing is decided')
    }
    await sleep(pollingIntervalMs(context.deployment), undefined, { signal }).catch(() => undefined)
  }
  await Promise.race([
    Promise.allSettled(
      [...orders.tasks.values(), ...disputes.tasks.values(), ...asides].map(({ busy }) => busy),
    ),
    sleep(PAUSE_AFTER_ERROR_MS),
  ])
}

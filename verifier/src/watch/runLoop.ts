import { setTimeout as sleep } from 'node:timers/promises'
import { pollingIntervalMs } from '@trainyard/contracts/context.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import type { Auditor } from './auditor.ts'
import { followChain } from './followChain.ts'
import { createOrderWatch, type OrderWatch } from './orderWatch.ts'
import { publishReports } from './publishReports.ts'
import { stepOrder } from './stepOrder.ts'

const PAUSE_AFTER_ERROR_MS = 2_000
const PUBLISH_EVERY_MS = 5_000

type Task = { readonly watch: OrderWatch; busy: Promise<void> | undefined; pausedUntilMs: number }

/** Looks at one order; whatever goes wrong there is logged and tried again later, and harms no other order. */
async function look(
  auditor: Auditor,
  task: Task,
  head: { blockNumber: number; timestamp: number },
): Promise<void> {
  const { journal, log } = auditor
  const { orderId } = task.watch
  try {
    if (!(await stepOrder(auditor, task.watch, head))) journal.closeOrder(orderId)
  } catch (error) {
    task.pausedUntilMs = Date.now() + PAUSE_AFTER_ERROR_MS
    log.warn({ orderId: String(orderId), err: error }, 'trying again')
  }
}

function startLooks(
  auditor: Auditor,
  tasks: Map<bigint, Task>,
  head: { blockNumber: number; timestamp: number },
): void {
  const open = new Set(auditor.journal.openOrders())
  for (const orderId of tasks.keys()) if (!open.has(orderId)) tasks.delete(orderId)
  for (const orderId of open) {
    const task = tasks.get(orderId) ?? { watch: createOrderWatch(orderId), busy: undefined, pausedUntilMs: 0 }
    tasks.set(orderId, task)
    if (task.busy || Date.now() < task.pausedUntilMs) continue
    task.busy = look(auditor, task, head).finally(() => {
      task.busy = undefined
    })
  }
}

/** Follows the chain and looks at every open order again and again, until `signal` aborts. */
export async function runLoop(auditor: Auditor, signal: AbortSignal): Promise<void> {
  const { context, log } = auditor
  const tasks = new Map<bigint, Task>()
  let publishAtMs = 0
  while (!signal.aborted) {
    try {
      const head = await readHead(context)
      await followChain(auditor, head.blockNumber)
      startLooks(auditor, tasks, head)
      if (Date.now() >= publishAtMs) {
        await publishReports(auditor)
        publishAtMs = Date.now() + PUBLISH_EVERY_MS
      }
    } catch (error) {
      log.warn({ err: error }, 'the chain does not answer: nothing is known, nothing is decided')
    }
    await sleep(pollingIntervalMs(context.deployment), undefined, { signal }).catch(() => undefined)
  }
  await Promise.race([
    Promise.allSettled([...tasks.values()].map(({ busy }) => busy)),
    sleep(PAUSE_AFTER_ERROR_MS),
  ])
}

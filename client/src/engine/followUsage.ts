import { setTimeout as delay } from 'node:timers/promises'
import { addUsage, type Usage } from './addUsage.ts'
import type { OrderContext } from './context.ts'

const EVERY_MS = 10_000

/**
 * Tells, every ten seconds until signal aborts, what the order's GPUs draw and do. Nothing is told for jobs that get no
 * GPU. What was drawn is counted on over restarts, without the time in between.
 */
export async function followUsage(
  order: Pick<OrderContext, 'gpus' | 'readGpus' | 'anyJob' | 'events'>,
  signal: AbortSignal,
  everyMs = EVERY_MS,
): Promise<void> {
  if (order.gpus.length === 0 || order.readGpus === undefined || (await order.anyJob()).version === 1) return
  const last = order.events.last('usage')
  let energyJ = last ? (JSON.parse(last.data) as Usage).energyJ : null
  let readAtMs = performance.now()
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined) // aborted: the loop ends
    if (signal.aborted) return
    const samples = await order.readGpus()
    const nowMs = performance.now()
    const usage = addUsage(samples, order.gpus, { energyJ, secondsAgo: (nowMs - readAtMs) / 1000 })
    readAtMs = nowMs
    if (usage === undefined) continue
    energyJ = usage.energyJ
    order.events.emit('usage', usage)
  }
}

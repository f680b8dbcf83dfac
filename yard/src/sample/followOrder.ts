import { setTimeout as sleep } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { YardError } from '../errors.ts'
import type { createPhases } from '../report/phases.ts'
import type { Say } from '../report/say.ts'
import { type DaemonProgress, readDaemonProgress } from './readDaemonProgress.ts'

const POLL_MS = 250
const LIMIT_MS = 15 * 60_000

export type Followed = {
  chain: ChainContext
  orderId: bigint
  endpoint: () => string
  /** segments audited so far, as the auditor tells */
  audited: () => number
  say: Say
  phases: ReturnType<typeof createPhases>
  signal: AbortSignal
}

/**
 * Shows an order's way to its settlement, read from the chain (and the loss from the seller's daemon).
 * @returns the settled order
 * @throws YardError when it has not settled within 15 minutes
 */
export async function followOrder(followed: Followed): Promise<OrderFacts> {
  const { chain, orderId, phases, say, signal } = followed
  const deadline = performance.now() + LIMIT_MS
  let seen: OrderFacts['status'] = 'Preparing'
  for (;;) {
    const order = await readOrder(chain, orderId)
    if (order.status !== seen) {
      if (seen === 'Preparing') phases.end('prepare')
      if (seen === 'Training') phases.end('train')
      if (seen === 'Auditing') phases.end('audit')
      say.line(await milestone(followed, order))
      seen = order.status
    }
    if (order.settledAt > 0) return order
    if (performance.now() > deadline) {
      throw new YardError(
        `Order ${orderId} is still ${order.status} after 15 minutes. Its money is safe in the contract.`,
      )
    }
    say.status(await progressLine(followed, order))
    await sleep(POLL_MS, undefined, { signal })
  }
}

async function milestone({ chain, orderId }: Followed, order: OrderFacts): Promise<string> {
  if (order.status === 'Training')
    return 'started     the self-test passed; training runs and commits as it goes'
  if (order.status === 'Auditing') {
    return `trained     ${await readWindowCount(chain, orderId)} windows are committed; the draw decides what is audited`
  }
  return `settled     ${order.status}`
}

async function progressLine(followed: Followed, order: OrderFacts): Promise<string> {
  const { chain, orderId } = followed
  if (order.status === 'Auditing') {
    const { segments } = await readDraw(chain, orderId)
    return `auditing    ${followed.audited()} of ${segments.length} drawn segments replayed`
  }
  const progress = await readDaemonProgress(followed.endpoint(), orderId)
  if (order.status === 'Preparing')
    return `preparing   ${progress?.message ?? progress?.phase ?? 'waiting for the seller'}`
  return trainingLine(progress, order, await readWindowCount(chain, orderId))
}

function trainingLine(progress: DaemonProgress | undefined, order: OrderFacts, windows: number): string {
  const loss = progress?.loss == null ? '' : `, loss ${progress.loss.toFixed(4)}`
  return `training    step ${progress?.step ?? '?'} of ${order.terms.steps}${loss}, ${windows} windows committed`
}

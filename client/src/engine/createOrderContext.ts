import { readFile } from 'node:fs/promises'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { parseJob } from '@trainyard/verifier/job.ts'
import { createEventLog, type EventLog } from '../events/createEventLog.ts'
import type { OrderState } from '../order/state.ts'
import type { DaemonContext, OrderContext, OrderInputs } from './context.ts'
import { createProgressTail, type ProgressLine, type ProgressTail } from './createProgressTail.ts'
import { type OrderPaths, orderPaths } from './orderPaths.ts'
import { runName } from './runName.ts'

/** Progress events are thinned to about ten a second; the inner bits never leave before settlement. */
const PROGRESS_EVERY_MS = 100

/** What an order's effects share: its paths, its events, and inputs that are read once. */
export function createOrderContext(
  daemon: DaemonContext,
  orderId: string,
  state: () => OrderState,
): OrderContext {
  const paths = orderPaths(daemon.config.dataDir, orderId)
  const events = createEventLog(daemon.journal, orderId)
  let inputs: Promise<OrderInputs> | undefined
  let tail: { attempt: number; tail: ProgressTail } | undefined
  const emit = progressEmitter(events)
  return {
    ...daemon,
    orderId,
    paths,
    events,
    state,
    inputs() {
      inputs ??= readInputs(paths).catch((error) => {
        inputs = undefined
        throw error
      })
      return inputs
    },
    progress(attempt) {
      if (tail?.attempt !== attempt) {
        tail = { attempt, tail: createProgressTail(paths.runDir(runName(attempt)), emit) }
      }
      return tail.tail
    },
  }
}

async function readInputs(paths: OrderPaths): Promise<OrderInputs> {
  const jobBytes = await readFile(paths.spec)
  return { job: parseJob(jobBytes), jobBytes, train: readDataSet(await readFile(paths.train)) }
}

function progressEmitter(events: EventLog): (line: ProgressLine) => void {
  const last = events.last('progress')
  // After a restart the file is read again from its beginning; those steps were told already.
  let toldStep = last ? (JSON.parse(last.data) as { step: number }).step : 0
  let toldAtMs = 0
  return ({ step, loss, samples }) => {
    const nowMs = Date.now()
    if (step <= toldStep || nowMs - toldAtMs < PROGRESS_EVERY_MS) return
    toldStep = step
    toldAtMs = nowMs
    events.emit('progress', { step, loss: Math.round(loss * 1e4) / 1e4, samples })
  }
}

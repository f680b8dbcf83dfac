import { readFile } from 'node:fs/promises'
import { readTwin } from '@trainyard/contracts/readTwin.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import type { Job } from '@trainyard/verifier/job.ts'
import { type AnyJob, isRental, parseAnyJob } from '@trainyard/verifier/rental.ts'
import { CannotContinue } from '../errors.ts'
import { createEventLog, type EventLog } from '../events/createEventLog.ts'
import type { OrderState } from '../order/state.ts'
import { createCheckpoints } from './checkpoints/createCheckpoints.ts'
import type { DaemonContext, OrderContext, OrderInputs } from './context.ts'
import { createProgressTail, type ProgressLine, type ProgressTail } from './createProgressTail.ts'
import { createLeafBuilder } from './leaf/createLeafBuilder.ts'
import { orderPaths } from './orderPaths.ts'
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
  const anyJob = once(async () => parseAnyJob(await readFile(paths.spec)))
  const job = async () => requireProved(await anyJob.get())
  const inputs = once(
    async (): Promise<OrderInputs> => ({
      job: await job(),
      train: readDataSet(await readFile(paths.train)),
    }),
  )
  const twin = once(() => readTwin(daemon.chain, BigInt(orderId)))
  const leaves = createLeafBuilder(inputs.get)
  let tail: { attempt: number; tail: ProgressTail } | undefined
  const teller = progressTeller(events)
  const context: OrderContext = {
    ...daemon,
    orderId,
    paths,
    events,
    state,
    twin: twin.get,
    job,
    anyJob: anyJob.get,
    inputs: inputs.get,
    checkpoints: createCheckpoints(() => context),
    leaves,
    release() {
      leaves.close()
      inputs.release()
      anyJob.release()
      tail = undefined
    },
    tellProgress: teller.tellNewest,
    progress(attempt) {
      if (tail?.attempt !== attempt) {
        tail = { attempt, tail: createProgressTail(paths.runDir(runName(attempt)), teller.take) }
      }
      return tail.tail
    },
  }
  return context
}

function requireProved(job: AnyJob): Job {
  if (!isRental(job)) return job
  throw new CannotContinue('An order without proof has nothing to prove.', 'Report this.')
}

/** Keeps a result once there is one; a failure is tried again by whoever asks next. */
function once<T>(load: () => Promise<T>): { get: () => Promise<T>; release: () => void } {
  let value: Promise<T> | undefined
  const release = () => {
    value = undefined
  }
  const get = () => {
    value ??= load().catch((error) => {
      release()
      throw error
    })
    return value
  }
  return { get, release }
}

function progressTeller(events: EventLog) {
  // After a restart the file is read again from its beginning; those steps were told already.
  const lastTold = () => {
    const last = events.last('progress')
    return last ? (JSON.parse(last.data) as { step: number }).step : 0
  }
  let toldStep: number | undefined
  let toldAtMs = 0
  let newest: ProgressLine | undefined
  const tellNewest = () => {
    toldStep ??= lastTold()
    if (!newest || newest.step <= toldStep) return
    const { step, loss, samples } = newest
    toldStep = step
    toldAtMs = Date.now()
    events.emit('progress', { step, loss: Math.round(loss * 1e4) / 1e4, samples })
  }
  return {
    tellNewest,
    take(line: ProgressLine) {
      newest = line
      if (Date.now() - toldAtMs >= PROGRESS_EVERY_MS) tellNewest()
    },
  }
}

import { readOpened } from '@trainyard/contracts/readOpened.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readResume } from '@trainyard/contracts/readResume.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { SafetensorsInvalid } from '@trainyard/verifier/canonical/safetensors.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { VerifierError } from '@trainyard/verifier/errors.ts'
import { type Job, jobHash, MAX_JOB_BYTES } from '@trainyard/verifier/job.ts'
import { readStateAt } from '@trainyard/verifier/jobState.ts'
import {
  type AnyJob,
  isRental,
  type ProgramJob,
  parseAnyJob,
  type Rental,
} from '@trainyard/verifier/rental.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import { maxCheckpointBytes } from '@trainyard/verifier/watch/readState.ts'
import { ImageNotLoaded } from '../drivers/driverErrors.ts'
import { checkpointRoom, recentCheckpoints } from '../engine/checkpoints/checkpointRoom.ts'
import type { OrderContext } from '../engine/context.ts'
import { reclaimSpace } from '../engine/pruneOrders.ts'
import { ORDER_SPARE_BYTES, requireDiskSpace } from '../engine/requireDiskSpace.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'
import { CannotContinue, JobRejected } from '../errors.ts'
import type { Action } from '../order/action.ts'
import { checkData } from '../order/checkData.ts'
import { checkJob } from '../order/checkJob.ts'
import { checkpointBytes } from '../order/checkpointBytes.ts'
import { checkRental } from '../order/checkRental.ts'
import { planOf } from '../order/plan.ts'

const JOB_TIMEOUT_MS = 15_000
const DATA_TIMEOUT_MS = 300_000
const MAX_DATA_BYTES = 256 * 1024 * 1024

/**
 * Fetches job and data by hash, and checks them against the order and this machine. What cannot be run is
 * rejected at once; what cannot be had is tried until half of the confirm window has passed. An image that the engine
 * lacks is pulled; a seller that cannot have an image it accepts gives the order up.
 */
export async function fetchInputs(order: OrderContext, signal: AbortSignal): Promise<Action> {
  const { chain, orderId } = order
  const view = await readOrder(chain, BigInt(orderId))
  const committed = await readWindowCount(chain, BigInt(orderId))
  const giveUpAtMs = (view.placedAt + order.parameters.confirmSeconds / 2) * 1000
  try {
    const job = await fetchJob(order, view.terms)
    if (isRental(job)) {
      await fetchRental(order, job)
      await fetchImage(order, job, { signal, giveUpAtMs: view.startedAt > 0 ? Infinity : giveUpAtMs })
      return { type: 'RentalFetched' }
    }
    await fetchData(order, job)
    await fetchStart(order, job)
    await fetchImage(order, job, { signal, giveUpAtMs: view.startedAt > 0 ? Infinity : giveUpAtMs })
    const sealed =
      view.terms.mode === 'Refereed' ? { opened: (await readOpened(chain, BigInt(orderId))).windows } : {}
    return { type: 'InputsFetched', plan: planOf(job), committed, ...sealed }
  } catch (error) {
    if (error instanceof ContentUnavailable && order.head.nowMs() < giveUpAtMs) throw error
    if (error instanceof VerifierError || error instanceof SafetensorsInvalid || error instanceof JobRejected)
      return { type: 'InputsRejected', message: error.message }
    throw error
  }
}

async function fetchJob(order: OrderContext, terms: Parameters<typeof checkJob>[1]): Promise<AnyJob> {
  const cid = rawCid(terms.jobHash)
  const gateway = order.config.store
  const bytes = await fetchContent({ cid, gateway, maxBytes: MAX_JOB_BYTES, timeoutMs: JOB_TIMEOUT_MS })
  const job = parseAnyJob(bytes)
  if (jobHash(job) !== terms.jobHash.toLowerCase()) {
    throw new JobRejected('The job is not in canonical form (RFC 8785).', 'Write it with the order command.')
  }
  const own = { ...order.config, trainerHash: trainerHash() }
  const misfit = isRental(job) ? checkRental(job, terms, own) : checkJob(job, terms, own)
  if (misfit !== undefined) throw new JobRejected(misfit, 'Order with the numbers that the job has.')
  const needed = checkpointsBytes(order, job) + ORDER_SPARE_BYTES
  await requireDiskSpace(order.config.dataDir, needed, () => reclaimSpace(order))
  await writeFileAtomic(order.paths.spec, bytes)
  return job
}

/** Without proof none are kept. */
function checkpointsBytes({ config }: OrderContext, job: AnyJob): number {
  if (isRental(job)) return 0
  const bytesEach = checkpointBytes(job)
  return checkpointRoom(planOf(job), recentCheckpoints(bytesEach, config.checkpointMegabytes)) * bytesEach
}

async function fetchRental(order: OrderContext, job: Rental): Promise<void> {
  if (job.version !== 3) return fetchData(order, job)
  const gateway = order.config.store
  for (const { name, cid } of job.files ?? []) {
    const bytes = await fetchContent({ cid, gateway, maxBytes: MAX_DATA_BYTES, timeoutMs: DATA_TIMEOUT_MS })
    await writeFileAtomic(order.paths.file(name), bytes)
  }
}

type TrainingJob = Exclude<AnyJob, ProgramJob>

async function fetchData(order: OrderContext, job: TrainingJob): Promise<void> {
  const files = [
    { name: 'train', cid: job.data.train.cid, path: order.paths.train },
    { name: 'heldOut', cid: job.data.heldOut.cid, path: order.paths.heldOut },
  ]
  for (const { name, cid, path } of files) {
    const bytes = await fetchContent({
      cid,
      gateway: order.config.store,
      maxBytes: MAX_DATA_BYTES,
      timeoutMs: DATA_TIMEOUT_MS,
    })
    const misfit = checkData(job, `data.${name}`, readDataSet(bytes))
    if (misfit !== undefined) throw new JobRejected(misfit, 'Give data that fits the model.')
    await writeFileAtomic(path, bytes)
  }
}

/** An order that resumes another's begins with a checkpoint that the chain has the root of: its bytes must have that root. */
async function fetchStart({ chain, orderId, config, paths }: OrderContext, job: Job): Promise<void> {
  const resumed = await readResume(chain, BigInt(orderId))
  const { resumeFrom } = job
  const correct = 'Order with a job that names the checkpoint to resume from, and resume in the order.'
  if ((resumeFrom === undefined) !== (resumed === undefined))
    throw new JobRejected('Job and order differ in whether it resumes another order.', correct)
  if (!resumeFrom || !resumed) return
  const bytes = await fetchContent({
    cid: resumeFrom.cid,
    gateway: config.store,
    maxBytes: maxCheckpointBytes(job),
    timeoutMs: DATA_TIMEOUT_MS,
  })
  if (checkpointRoot(bytes) !== resumed.stateRoot) {
    const what = `The checkpoint ${resumeFrom.cid} is not the one that order ${resumed.fromOrderId} proved.`
    throw new JobRejected(what, correct)
  }
  readStateAt(0, bytes, job) // refuses another model's
  await writeFileAtomic(paths.start, bytes)
}

async function fetchImage(
  order: OrderContext,
  job: AnyJob,
  { signal, giveUpAtMs }: { signal: AbortSignal; giveUpAtMs: number },
): Promise<void> {
  if (job.version === 1) return
  const { driver, config, events, logger, orderId, head } = order
  const source = config.imageSources[job.environment.image]
  const imageId = job.environment.image
  const onProgress = (line: string) => {
    logger.info({ msg: 'fetching the image', orderId, line })
    events.emit('log', { at: Date.now(), stream: 'stderr', line })
  }
  const either = AbortSignal.any([signal, afterMs(giveUpAtMs - head.nowMs())])
  try {
    await driver.fetchImage?.({ imageId, source, onProgress }, either)
  } catch (error) {
    const isHopeless = source === undefined || head.nowMs() >= giveUpAtMs
    if (!(error instanceof ImageNotLoaded) || !isHopeless) throw error
    throw new CannotContinue(error.message, error.suggestion, { cause: error })
  }
}

/** No timer knows more than 2^31 ms. */
function afterMs(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.min(Math.max(ms, 0), 2 ** 31 - 1))
}

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentEnds } from '@trainyard/verifier/image/replayFolder.ts'
import { type ImageJob, parseJob } from '@trainyard/verifier/job.ts'
import type { Driver, RunSpec } from '../../drivers/driver.ts'
import { readOutputFile } from '../../drivers/readOutputFile.ts'
import { imageOf } from '../../engine/imageOf.ts'
import { writeFileAtomic } from '../../engine/writeFileAtomic.ts'
import { JobRejected } from '../../errors.ts'

const MAX_PROGRESS_BYTES = 256 * 1024 ** 2
const MAX_RESULT_BYTES = 1024 ** 3
const LOG_TIMEOUT_MS = 2_000
const STOP_GRACE_MS = 5_000
/** Runs of replays that were killed; none takes as long as this. */
const LEFT_BEHIND_MS = 2 * 3_600_000

/** @property gpus UUIDs of the GPUs that the job is given */
export type Stretch = {
  jobDir: string
  outDir: string
  fromStep: number
  toStep: number
  gpus?: readonly string[]
}

/** How the image's run ended; 0 when what it wrote is in outDir. */
export type ReplayEnd = { exitCode: number; lastWords: string }

/**
 * Runs a job folder's image from one step to another, with every restriction of a seller's run, and copies what it
 * wrote into outDir as plain files, following no link. Throws JobRejected, DriverError and OutputRefused.
 */
export async function replayJob(
  driver: Driver,
  stretch: Stretch,
  limits: RunSpec['limits'],
  signal: AbortSignal,
): Promise<ReplayEnd> {
  const { jobDir, fromStep, toStep, gpus = [] } = stretch
  const job = parseJob(await readFile(join(jobDir, 'spec.json')))
  if (job.version !== 2) throw new JobRejected('This job runs in no image.', 'Replay it with the verifier.')
  await driver.sweep(() => false, LEFT_BEHIND_MS)
  const runId = `replay-${randomUUID()}`
  const { egress: _none, ...image } = imageOf(job, gpus)
  try {
    await driver.start({ orderId: 'replay', runId, jobDir, fromStep, toStep, limits, ...image })
    const state = await driver.wait(runId, signal)
    if (state.kind !== 'exited') return { exitCode: 1, lastWords: `the run is ${state.kind}` }
    const exitCode = state.overDisk || state.oomKilled ? 1 : state.exitCode
    if (exitCode !== 0) return { exitCode, lastWords: await lastWordsOf(driver, runId) }
    await collect(job, stretch)
    return { exitCode, lastWords: '' }
  } finally {
    await driver.stop(runId, signal.aborted ? 0 : STOP_GRACE_MS)
    await driver.remove(runId)
  }
}

async function lastWordsOf(driver: Driver, runId: string): Promise<string> {
  let last = ''
  const keep = ({ line }: { line: string }) => {
    if (line.trim() !== '') last = line
  }
  await driver.logs(runId, 0, keep, AbortSignal.timeout(LOG_TIMEOUT_MS)).catch(() => undefined)
  return last.slice(0, 300)
}

async function collect(job: ImageJob, { jobDir, outDir, fromStep, toStep }: Stretch): Promise<void> {
  const copy = async (name: string, maxBytes: number) =>
    writeFileAtomic(join(outDir, name), await readOutputFile(jobDir, name, maxBytes))
  const ends = segmentEnds(job, fromStep, toStep)
  for (const step of fromStep === 0 ? [0, ...ends] : ends) {
    await copy(`checkpoints/${step}/state.safetensors`, job.checkpointBytes)
  }
  if (toStep > fromStep) await copy('progress.jsonl', MAX_PROGRESS_BYTES)
  if (toStep < job.steps) return
  await copy('result/model.safetensors', MAX_RESULT_BYTES)
  await copy('result/metrics.json', MAX_RESULT_BYTES)
}

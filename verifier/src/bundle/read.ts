import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDataSet } from '../canonical/dataSet.ts'
import { SafetensorsInvalid } from '../canonical/safetensors.ts'
import type { DataSet } from '../canonical/types.ts'
import { checkFit, DataUnfit } from '../canonical/workspace.ts'
import { InputInvalid } from '../errors.ts'
import { type Evidence, parseEvidence } from '../evidence.ts'
import type { Hex } from '../hash/hex.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import type { Replayer } from '../image/runImage.ts'
import { type Job, jobSchema, MAX_JOB_BYTES } from '../job.ts'
import { type JobState, readStateAt } from '../jobState.ts'
import { parseCanonicalJson } from '../json.ts'
import type { SegmentLeaf } from '../segment.ts'
import type { CheckId } from '../verdict.ts'
import { windowSeed } from '../windowSeed.ts'
import { Blocked } from './blocked.ts'
import { parseInner } from './inner.ts'
import { type Listing, listFiles } from './listFiles.ts'
import { openWork, type Work } from './openWork.ts'
import { type OrderRecord, orderRecordSchema } from './orderRecord.ts'
import { type Coverage, coverageOf, PATHS } from './paths.ts'

export const MAX_ORDER_BYTES = 16 * 1024 * 1024

/** A bundle's files, parsed when asked for and kept. Each throws Blocked if its file is unusable. */
export type BundleFiles = {
  listing: Listing
  bytes(path: string): Uint8Array
  job(): Job
  order(): OrderRecord
  evidence(window: number): Evidence
  inner(segment: number): InnerStep[]
  train(): DataSet
  heldOut(): DataSet
  checkpoint(step: number): JobState
  coverage(): Coverage
  /** of the committed segments; as many as `coverage` says */
  leaves(): SegmentLeaf[]
  seeds(): Hex[]
}

/** A bundle, and what it comes to when its work is done again. */
export type Bundle = BundleFiles & Work

/**
 * Opens a bundle directory. Nothing is read before it is asked for, and no link is followed.
 * @param replayer runs a job's image; without it what only the image can tell stays undecided
 */
export function readBundle(dir: string, replayer?: Replayer): Bundle {
  const listing = listFiles(dir)
  const bytes = (path: string) => {
    if (!listing.files.has(path)) throw new Blocked('manifest')
    return readFileSync(join(dir, path))
  }
  const job = once('schema', () => parseCanonicalJson(bytes(PATHS.job), jobSchema, 'job', MAX_JOB_BYTES))
  const order = once('schema', () => {
    return parseCanonicalJson(bytes(PATHS.order), orderRecordSchema, 'order', MAX_ORDER_BYTES)
  })
  const coverage = once('schema', () => coverageOf(job(), order()))
  const evidence = each('schema', (window) => parseEvidence(bytes(PATHS.window(window))))
  const bundle: BundleFiles = {
    listing,
    bytes,
    job,
    order,
    coverage,
    evidence,
    inner: each('schema', (segment) => parseInner(bytes(PATHS.inner(segment))).steps),
    train: once('data', () => fitting(job(), readDataSet(bytes(PATHS.train)))),
    heldOut: once('data', () => fitting(job(), readDataSet(bytes(PATHS.heldOut)))),
    checkpoint: each('checkpoint', (step) => readStateAt(step, bytes(PATHS.checkpoint(step)), job())),
    leaves: once('leaf-chain', () => leavesOf(coverage(), evidence)),
    seeds: once('schema', () => {
      const { orderId, twin, windows } = order()
      return windows.map(({ beacon }, window) => {
        return windowSeed({ jobSeed: job().seed, orderId, twin, window, beacon })
      })
    }),
  }
  const work = once('schema', () => openWork(bundle, replayer))
  return {
    ...bundle,
    initialRoot: once('checkpoint', () => work().initialRoot()),
    replays: once('checkpoint', () => work().replays()),
    metrics: once('checkpoint', () => work().metrics()),
    model: once('checkpoint', () => work().model()),
  }
}

function leavesOf(coverage: Coverage, evidence: (window: number) => Evidence): SegmentLeaf[] {
  const leaves = coverage.bounds.slice(1).flatMap((_, window) => evidence(window).leaves)
  if (leaves.length !== coverage.segments) throw new RangeError('not one leaf per committed segment')
  return leaves
}

/** Whether an image's program can use its data is for it to say. */
function fitting(job: Job, data: DataSet): DataSet {
  if (job.version === 1) checkFit(job.model.layers, data)
  return data
}

/** Whether an error means that the bundle is wrong, rather than this program. */
export function isInputError(error: unknown): error is Error {
  return [InputInvalid, SafetensorsInvalid, DataUnfit, RangeError].some((kind) => error instanceof kind)
}

function once<T>(by: CheckId, make: () => T): () => T {
  let kept: { value: T } | { blocked: Blocked } | undefined
  return () => {
    kept ??= attempt(by, make)
    if ('blocked' in kept) throw kept.blocked
    return kept.value
  }
}

function each<T>(by: CheckId, make: (index: number) => T): (index: number) => T {
  const kept = new Map<number, () => T>()
  return (index) => {
    const get = kept.get(index) ?? once(by, () => make(index))
    kept.set(index, get)
    return get()
  }
}

function attempt<T>(by: CheckId, make: () => T): { value: T } | { blocked: Blocked } {
  try {
    return { value: make() }
  } catch (error) {
    if (error instanceof Blocked) return { blocked: error }
    if (isInputError(error)) return { blocked: new Blocked(by) }
    throw error
  }
}

import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readDataSet } from '../canonical/dataSet.ts'
import { SafetensorsInvalid } from '../canonical/safetensors.ts'
import type { DataSet } from '../canonical/types.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import { ContentTooLarge, ContentUnsupported } from '../content/errors.ts'
import { rawCid } from '../content/rawCid.ts'
import { InputInvalid, VerifierError } from '../errors.ts'
import { type Job, jobHash, MAX_JOB_BYTES, parseJob } from '../job.ts'
import { modeOf } from '../modeOf.ts'
import { trainerHash } from '../trainerHash.ts'
import type { AuditFacts } from './auditFacts.ts'
import type { ContentCache } from './contentCache.ts'
import { NotYet } from './NotYet.ts'
import { maxCheckpointBytes } from './readState.ts'

export const MAX_DATA_BYTES = 512 * 1024 * 1024

/** The job and its data, or why no seller could have done this order's work. */
export type JobFinding =
  | {
      readonly kind: 'job'
      readonly job: Job
      readonly data: DataSet
      /** as they were fetched */
      readonly files: { train: Uint8Array; heldOut: Uint8Array }
      /** checkpoint that a resumed order begins with: the proved one */
      readonly start: Uint8Array | undefined
    }
  | { readonly kind: 'invalid'; readonly reason: string }

/**
 * Fetches an order's job, by the hash that is on chain, and its data. The CID in the order's event is the
 * buyer's word, which nobody checked: sellers do not look at it, and neither does this. What the buyer named but nobody serves is not the seller's doing, and
 * a job for another trainer cannot be judged by this one: both are NotYet, never a verdict. A job that is not the
 * order's, or contradicts it, should have been refused by the seller: `invalid`.
 */
export async function fetchJob(facts: AuditFacts, content: ContentCache): Promise<JobFinding> {
  try {
    const job = parseJob(await fetchOr(content, rawCid(facts.order.terms.jobHash), MAX_JOB_BYTES, 'job'))
    const reason = contradiction(job, facts)
    if (reason) return { kind: 'invalid', reason }
    if (job.version === 1 && job.environment.trainerHash !== trainerHash()) {
      throw new NotYet(
        `the job of order ${facts.orderId} wants trainer ${job.environment.trainerHash}, which this is not`,
      )
    }
    const train = await fetchOr(content, job.data.train.cid, MAX_DATA_BYTES, 'data')
    const heldOut = await fetchOr(content, job.data.heldOut.cid, MAX_DATA_BYTES, 'data')
    const start =
      job.resumeFrom && (await fetchOr(content, job.resumeFrom.cid, maxCheckpointBytes(job), 'checkpoint'))
    if (start && checkpointRoot(start) !== facts.resumed?.stateRoot)
      return { kind: 'invalid', reason: 'the checkpoint that the job names is not the proved one' }
    return { kind: 'job', job, data: readDataSet(train), files: { train, heldOut }, start }
  } catch (error) {
    const invalid =
      error instanceof InputInvalid ||
      error instanceof SafetensorsInvalid ||
      error instanceof ContentUnsupported
    if (invalid) return { kind: 'invalid', reason: `the job cannot be run: ${error.message}` }
    throw error
  }
}

async function fetchOr(
  content: ContentCache,
  cid: string,
  maxBytes: number,
  what: string,
): Promise<Uint8Array> {
  try {
    return await content.get(cid, maxBytes)
  } catch (error) {
    if (error instanceof ContentUnsupported || !(error instanceof VerifierError)) throw error
    if (error instanceof ContentTooLarge && what === 'job')
      throw new InputInvalid(what, `larger than ${maxBytes} bytes`)
    throw new NotYet(`the buyer's ${what} ${cid} cannot be had: ${error.message}`)
  }
}

function contradiction(job: Job, { order, hardwareClass, resumed }: AuditFacts): string | undefined {
  const { terms } = order
  // Auditors of the canonical class need no Docker: none of them could judge an image.
  if (job.version === 2 && hardwareClass === hardwareClassOf('canonical')) {
    return 'the job runs in an image, which no machine of the class canonical does'
  }
  if (jobHash(job) !== terms.jobHash) return 'the job is not the one that was ordered'
  if ((job.resumeFrom === undefined) !== (resumed === undefined))
    return 'job and order differ in whether it resumes another order'
  const same =
    job.steps === terms.steps &&
    job.stepsPerSegment === terms.stepsPerSegment &&
    job.segmentsPerWindow === terms.segmentsPerWindow &&
    job.proof.draws === terms.draws &&
    modeOf(job) === terms.mode
  return same ? undefined : 'the job contradicts the terms of the order'
}

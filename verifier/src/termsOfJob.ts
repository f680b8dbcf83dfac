import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import { type Job, jobHash } from './job.ts'

/** Half of what was earned is paid if the auditors stay silent. */
export const UNAUDITED_SHARE_BPS = 5_000

/** What a buyer of this job agrees to, as the contract takes it. The order repeats the job's numbers. */
export function termsOfJob(
  job: Job,
  order: { offerId: bigint; maxSeconds: number; stepMicros: number },
): OrderTerms {
  const { offerId, maxSeconds, stepMicros } = order
  return {
    offerId,
    jobHash: jobHash(job),
    maxSeconds,
    stepMicros,
    steps: job.steps,
    stepsPerSegment: job.stepsPerSegment,
    segmentsPerWindow: job.segmentsPerWindow,
    draws: job.proof.draws,
    unauditedShareBps: UNAUDITED_SHARE_BPS,
    mode: 'Bitwise',
  }
}

import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import { type Job, jobHash } from './job.ts'

/** Half of what was earned is paid if the auditors stay silent. */
export const UNAUDITED_SHARE_BPS = 5_000

/**
 * What a buyer of this job agrees to, as the contract takes it. The order repeats the job's numbers.
 * @param vouched whether the seller answers with its stake for the environment; unless said, for the canonical trainer only
 */
export function termsOfJob(
  job: Job,
  order: { offerId: bigint; maxSeconds: number; stepMicros: number; vouched?: boolean },
): OrderTerms {
  const { offerId, maxSeconds, stepMicros, vouched = job.version === 1 } = order
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
    vouched,
  }
}

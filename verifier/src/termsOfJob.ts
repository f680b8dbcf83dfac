import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import { jobHash } from './job.ts'
import { modeOf } from './modeOf.ts'
import { type AnyJob, isRental } from './rental.ts'

/** Half of what was earned is paid if the auditors stay silent. */
export const UNAUDITED_SHARE_BPS = 5_000

const NO_PROOF = {
  stepMicros: 0,
  steps: 0,
  stepsPerSegment: 0,
  segmentsPerWindow: 0,
  draws: 0,
  unauditedShareBps: 0,
  mode: 'None',
  vouched: false,
} as const

/**
 * What a buyer of this job agrees to, as the contract takes it. The order repeats the job's numbers; without proof it has none.
 * @param vouched whether the seller answers with its stake for the environment; unless said, for the canonical trainer only
 */
export function termsOfJob(
  job: AnyJob,
  order: { offerId: bigint; maxSeconds: number; stepMicros: number; vouched?: boolean },
): OrderTerms {
  const { offerId, maxSeconds, stepMicros, vouched = job.version === 1 } = order
  if (isRental(job)) return { ...NO_PROOF, offerId, jobHash: jobHash(job), maxSeconds }
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
    mode: modeOf(job),
    // Within a tolerance other bits are no fault.
    vouched: vouched && job.proof.mode !== 'tolerance',
  }
}

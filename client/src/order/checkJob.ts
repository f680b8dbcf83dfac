import type { OutputOf } from '@trainyard/contracts/pallets.ts'
import type { CanonicalJob, ImageJob, Job } from '@trainyard/verifier/job.ts'
import { modeOf } from '@trainyard/verifier/modeOf.ts'
import { vouchesFor } from '@trainyard/verifier/vouchesFor.ts'
import { checkImage, type Takes } from './checkImage.ts'

type Terms = OutputOf<'market', 'orderOf'>['terms']

/** What this machine runs: the canonical trainer, and in other hardware classes the images it accepts. */
export type Own = { trainerHash: string; vouchedImages: readonly string[] } & Takes

/**
 * Compares a job with what was agreed on chain and with what this machine can run. Returns the first thing
 * that does not fit, in words for the buyer, or undefined.
 */
export function checkJob(job: Job, terms: Terms, own: Own): string | undefined {
  const agreed: [field: string, inJob: unknown, inOrder: unknown][] = [
    ['steps', job.steps, terms.steps],
    ['stepsPerSegment', job.stepsPerSegment, terms.stepsPerSegment],
    ['segmentsPerWindow', job.segmentsPerWindow, terms.segmentsPerWindow],
    ['proof.draws', job.proof.draws, terms.draws],
  ]
  for (const [field, inJob, inOrder] of agreed) {
    if (inJob !== inOrder) return `The job says ${field} ${inJob}, the order ${inOrder}.`
  }
  if (terms.mode !== modeOf(job))
    return `The order asks for proof mode ${terms.mode}; the job for ${modeOf(job)}.`
  return job.version === 1 ? checkTrainer(job, own) : (checkImage(job, own) ?? checkVouched(job, terms, own))
}

/** An image may compute otherwise when it is replayed: its seller answers with its stake for those it knows. */
function checkVouched(job: ImageJob, { vouched }: Terms, own: Own): string | undefined {
  if (!vouched || vouchesFor(job, own.vouchedImages)) return undefined
  const { environment, command } = job
  const what = command === undefined ? '' : ' with a command of the buyer’s'
  return `The order asks the seller to vouch for image ${environment.image}${what}, which this one takes without.`
}

/** Of a job for the canonical trainer: whether this is the trainer. */
export function checkTrainer(
  { environment }: Pick<CanonicalJob, 'environment'>,
  { trainerHash }: Own,
): string | undefined {
  if (environment.trainerHash === trainerHash) return undefined
  return `The job asks for trainer ${environment.trainerHash}; this machine has ${trainerHash}.`
}

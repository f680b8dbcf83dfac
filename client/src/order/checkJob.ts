import type { OutputOf } from '@trainyard/contracts/pallets.ts'
import type { CanonicalJob, ImageJob, Job } from '@trainyard/verifier/job.ts'

type Terms = OutputOf<'market', 'orderOf'>['terms']

/** What this machine runs: the canonical trainer, and in other hardware classes the images it accepts. */
export type Own = { trainerHash: string; hardwareClass: string; images: readonly string[] }

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
  if (terms.mode !== 'Bitwise') return `The order asks for proof mode ${terms.mode}; the job for bitwise.`
  return job.version === 1 ? checkTrainer(job, own) : checkImage(job, own)
}

function checkTrainer({ environment }: CanonicalJob, { trainerHash }: Own): string | undefined {
  if (environment.trainerHash === trainerHash) return undefined
  return `The job asks for trainer ${environment.trainerHash}; this machine has ${trainerHash}.`
}

/** Auditors of the class canonical need no Docker, so none of them could judge an image. */
function checkImage({ environment }: ImageJob, { hardwareClass, images }: Own): string | undefined {
  if (hardwareClass === 'canonical') {
    return 'The job runs in an image; a machine of the class canonical runs the canonical trainer only.'
  }
  if (images.includes(environment.image)) return undefined
  return `The job runs in image ${environment.image}, which is not among those that this machine accepts.`
}

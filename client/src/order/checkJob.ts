import type { OutputOf } from '@trainyard/contracts/pallets.ts'
import type { Job } from '@trainyard/verifier/job.ts'

type Terms = OutputOf<'market', 'orderOf'>['terms']

/**
 * Compares a job with what was agreed on chain and with what this machine can run. Returns the first thing
 * that does not fit, in words for the buyer, or undefined.
 */
export function checkJob(job: Job, terms: Terms, trainerHash: string): string | undefined {
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
  if (job.environment.trainerHash !== trainerHash) {
    return `The job asks for trainer ${job.environment.trainerHash}; this machine has ${trainerHash}.`
  }
  return undefined
}

import type { Rental } from '@trainyard/verifier/rental.ts'
import { checkTarget, type Takes } from './checkImage.ts'
import { checkTrainer, type Own } from './checkJob.ts'

/** As checkJob, of a job without proof: nobody replays it, so any class of machine may run an image. */
export function checkRental(job: Rental, terms: { mode: string }, own: Own): string | undefined {
  if (terms.mode !== 'None')
    return `The job is without proof; the order asks for ${terms.mode.toLowerCase()}.`
  return job.version === 1 ? checkTrainer(job, own) : checkRentedImage(job, own)
}

/** Why a machine does not run a rental's image; undefined if it does. */
export function checkRentedImage(
  { environment, egress = [] }: Exclude<Rental, { version: 1 }>,
  takes: Takes,
): string | undefined {
  return checkTarget(environment.image, egress, takes)
}

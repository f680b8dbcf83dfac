import { imageRecordWords } from '@trainyard/verifier/imageRecordWords.ts'
import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import type { ImageOnMachine } from '../../server/api/machineSchemas.ts'

/** What is known of a job's image before it is ordered: none where it names none. */
export const imageWords = (job: AnyJob, said: ImageOnMachine | undefined, vouched: boolean): string[] => {
  if (job.version === 1) return []
  const lines = [takesWords(said)]
  if (isRental(job)) return lines
  if (job.proof.mode !== 'tolerance') lines.push(vouched ? VOUCHED : NOT_VOUCHED)
  return [...lines, imageRecordWords(said)]
}

const VOUCHED =
  'The seller answers for this image with its stake: where a replay ends in other bits, it was a fault or fraud.'
const NOT_VOUCHED =
  'The seller does not answer for this image, or not with this command: where a replay ends in other bits, nobody is slashed.'

const takesWords = (said: ImageOnMachine | undefined): string => {
  if (said?.takes) return 'The machine says that it takes this image.'
  if (said?.takes === false)
    return 'The machine says that it does not take this image: it will refuse the order, and everything comes back.'
  return 'The machine did not say whether it takes this image.'
}

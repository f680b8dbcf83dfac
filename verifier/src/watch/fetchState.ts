import { ContentTooLarge, ContentUnavailable } from '../content/errors.ts'
import type { Job } from '../job.ts'
import { maxCheckpointBytes, readState, type StateFinding } from './readState.ts'
import { type Seller, sellerFile } from './sellerFile.ts'

/**
 * Fetches the checkpoint after `step` steps from the seller and reads it against its committed root. `giveUpAtMs`, on
 * this machine's clock, cuts the wait short. A seller that does not connect, or does not finish in time, is silent.
 */
export async function fetchState(
  seller: Seller,
  job: Job,
  step: number,
  root: string,
  giveUpAtMs: number,
): Promise<StateFinding> {
  try {
    const bytes = await sellerFile(seller, `checkpoints/${step}`, maxCheckpointBytes(job), giveUpAtMs)
    return readState(bytes, root, step, job)
  } catch (error) {
    if (error instanceof ContentUnavailable)
      return { kind: 'unavailable', reason: error.message, silent: error.status === undefined }
    if (error instanceof ContentTooLarge) return { kind: 'unavailable', reason: error.message }
    throw error
  }
}

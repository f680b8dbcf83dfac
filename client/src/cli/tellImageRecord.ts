import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { imageRecordWords } from '@trainyard/verifier/imageRecordWords.ts'
import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import { readImageRecord } from '../buyer/readImageRecord.ts'
import type { Say } from './say.ts'

/**
 * Says before an order of an image what became of earlier ones, since auditors say nowhere which images they have. Nothing of jobs
 * without an image, or that nobody audits.
 */
export async function tellImageRecord(
  say: Say,
  facts: { context: ChainContext; store: string; offerId: bigint; job: AnyJob },
): Promise<void> {
  const { context, store, offerId, job } = facts
  if (job.version === 1 || isRental(job)) return
  const { machineId } = await readOffer(context, offerId)
  const record = await readImageRecord(store, machineId, job.environment.image)
  say.progress({ imageRecord: record ?? null }, imageRecordWords(record))
}

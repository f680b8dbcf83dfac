import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import { type ImageRecord, readImageRecord } from '../buyer/readImageRecord.ts'
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
  say.progress({ imageRecord: record ?? null }, wordsOf(record))
}

function wordsOf(record: ImageRecord | undefined): string {
  if (!record) return 'Whether auditors have this image is not known.'
  const { passed, unaudited } = record
  const lately = `Orders of this image on machines of this class lately: ${passed} passed by auditors, ${unaudited} unaudited.`
  return passed > 0
    ? lately
    : `${lately} If none of the drawn auditors has it, the order ends unaudited and half of what was earned is paid.`
}

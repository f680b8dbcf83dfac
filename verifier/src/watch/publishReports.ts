import { addBytes } from '../content/addBytes.ts'
import { putBlocks } from '../content/putBlocks.ts'
import { VerifierError } from '../errors.ts'
import type { Auditor } from './auditor.ts'

/** Puts the reports of revealed verdicts into the store; what fails stays for the next call. */
export async function publishReports({ journal, config, emit, log }: Auditor): Promise<void> {
  for (const { orderId, report, reportCid } of journal.unpublished()) {
    try {
      const { blocks } = await addBytes(report)
      await putBlocks(config.store, blocks)
      journal.markPublished(orderId)
      emit({ event: 'published', orderId: String(orderId), report: reportCid })
    } catch (error) {
      if (!(error instanceof VerifierError)) throw error
      log.warn({ orderId: String(orderId), err: error }, 'the report is not in the store yet')
    }
  }
}

import { UNAUDITED_SHARE_BPS } from './termsOfJob.ts'

/** How orders of an image ended lately on machines of one class. */
export type ImageRecord = { readonly passed: number; readonly unaudited: number }

/**
 * What is known before an order of whether auditors have its image: they say nowhere which ones they have.
 * @param record undefined: no market could be asked
 */
export function imageRecordWords(record: ImageRecord | undefined): string {
  if (record && record.passed > 0)
    return `${endedLately(record)}. Whether those drawn for yours have it is not known.`
  const paid = `the order ends unaudited and ${UNAUDITED_SHARE_BPS / 100}\u00a0% of what was earned is paid`
  return `${endedLately(record)}: if none of the drawn auditors has it, ${paid}.`
}

function endedLately(record: ImageRecord | undefined): string {
  if (!record) return 'Whether auditors have this image is not known'
  const { passed, unaudited } = record
  if (passed + unaudited === 0) return 'No order with this image was audited on machines of this class lately'
  const last = 'Of the market’s last orders with this image on machines of this class'
  return `${last}, auditors passed ${passed}, and ${unaudited} ended unaudited`
}

import type { Order } from '../../server/api/schemas.ts'
import { formatPlural } from '../format/formatNumber.ts'

type Twin = NonNullable<Order['twin']>
type Words = { readonly tone: 'same' | 'waiting' | 'other'; readonly word: string; readonly text: string }

/** How a refereed order stands beside its twin. */
export const twinWords = (
  { sealedWindows, audit, totalWindows }: Pick<Order, 'sealedWindows' | 'audit' | 'totalWindows'>,
  { compared, differsFrom }: Pick<Twin, 'compared' | 'differsFrom'>,
): Words => {
  if (differsFrom !== null)
    return {
      tone: 'other',
      word: `Differs from window ${differsFrom}`,
      text: `they differ from window ${differsFrom} on. The first part that differs is for a jury; each order is audited by itself.`,
    }
  if (audit.byAgreement)
    return {
      tone: 'same',
      word: 'Agrees',
      text: `both sellers came to the same state after each of ${formatPlural(compared, 'window')}, sealed before either could know the other's. Nobody re-ran it.`,
    }
  const sealed =
    sealedWindows.length === 0
      ? ''
      : ` ${formatPlural(sealedWindows.length, 'window')} of this order ${sealedWindows.length === 1 ? 'is' : 'are'} sealed: told once the other seller is bound to its own.`
  if (compared === 0)
    return { tone: 'waiting', word: 'Nothing compared yet', text: `nothing can be compared yet.${sealed}` }
  return {
    tone: compared === totalWindows ? 'same' : 'waiting',
    word: 'Agrees so far',
    text: `they agree so far, in ${compared} of ${formatPlural(totalWindows, 'window')}.${sealed}`,
  }
}

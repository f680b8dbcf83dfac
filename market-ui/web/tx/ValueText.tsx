import { closeReasonWords } from '@trainyard/contracts/words.ts'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatDateTime } from '../format/formatTime.ts'
import { plainText } from '../live/plainText.ts'
import { disputeUrl, machineUrl, orderUrl } from '../url.ts'
import type { NamedValue } from './flatten.ts'

const places: Readonly<Record<string, (id: string) => string>> = {
  orderId: orderUrl,
  machineId: machineUrl,
  disputeId: disputeUrl,
}
const MAX_NUMBER = Number.MAX_SAFE_INTEGER

/** A value as people read it: amounts in DEV, times as dates, numbers of things as links to them. */
export const ValueText = ({ name, value }: NamedValue) => {
  const last = name.slice(name.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '')
  const isNumber = /^\d+$/.test(value)
  const place = isNumber && value !== '0' ? places[last] : undefined
  if (place) return <Link href={place(value)}>#{value}</Link>
  if (isNumber && last === 'closeReason') return <>{closeReasonWords(Number(value))}</>
  if (isNumber && /Wei$|^(value|amount)$/.test(last)) return <Dev wei={value} />
  if (isNumber && /At$|^deadline$/.test(last) && value !== '0' && Number(value) < 8.64e12)
    return <>{formatDateTime(Number(value))}</>
  if (isNumber && Number(value) <= MAX_NUMBER) return <>{formatCount(Number(value))}</>
  if (/^0x[0-9a-fA-F]{16,}$/.test(value) || value.length > 60)
    return <Hash value={plainText(value)} what={name} />
  return <span className="[overflow-wrap:anywhere]">{plainText(value)}</span>
}

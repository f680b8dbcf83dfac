import { shorten } from '../format/shorten.ts'
import { txUrl } from '../url.ts'
import { CopyButton } from './CopyButton.tsx'
import { Link } from './Link.tsx'

/** A transaction: a link to its page, the whole hash on hover and to copy. */
export const TxHash = ({ value, what }: { value: string; what: string }) => (
  <span className="inline-flex items-center gap-1">
    <Link
      href={txUrl(value)}
      className="font-mono text-[0.875em] whitespace-nowrap"
      title={value}
      aria-label={`${what.charAt(0).toUpperCase()}${what.slice(1)}, ${shorten(value)}`}
    >
      {shorten(value)}
    </Link>
    <CopyButton text={value} what={what} />
  </span>
)

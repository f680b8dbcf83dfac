import { shorten } from '../format/shorten.ts'
import { CopyButton } from './CopyButton.tsx'

/** An address, hash or CID: its ends, the whole of it on hover and to copy. */
export const Hash = ({ value, what }: { value: string; what: string }) => (
  <span className="inline-flex items-center gap-1">
    <span className="font-mono text-[0.875em] whitespace-nowrap" title={value}>
      {shorten(value)}
    </span>
    <CopyButton text={value} what={what} />
  </span>
)

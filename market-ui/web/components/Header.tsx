import { useQuery } from '@tanstack/react-query'
import { healthQuery } from '../api/queries.ts'
import { formatCount } from '../format/formatNumber.ts'
import { navigate } from '../live/useRoute.ts'
import { marketUrl } from '../url.ts'

/** Name, way home, and how far the chain was followed. */
export const Header = () => (
  <header className="border-b border-line bg-surface">
    <div className="mx-auto flex min-h-14 max-w-6xl items-center justify-between gap-4 px-4 sm:px-6">
      <a
        href={marketUrl()}
        onClick={(event) => {
          event.preventDefault()
          navigate(marketUrl())
        }}
        className="inline-flex items-center gap-2.5 py-2 text-base font-semibold tracking-tight"
      >
        <svg viewBox="0 0 32 32" className="size-7" aria-hidden="true">
          <rect width="32" height="32" rx="7" className="fill-accent" />
          <path
            d="M11 26 13.5 6M21 26 18.5 6M12 18h8M11.4 23h9.2M12.7 13h6.6M13.2 9h5.6"
            className="stroke-on-accent"
            strokeWidth="2.2"
            strokeLinecap="round"
            fill="none"
          />
        </svg>
        Trainyard
      </a>
      <ChainState />
    </div>
  </header>
)

const ChainState = () => {
  const { data, isError } = useQuery(healthQuery())
  const isLive = !isError && data?.phase === 'following'
  if (data === undefined && !isError) return <span className="skeleton h-5 w-28" aria-hidden="true" />
  return (
    <p className="flex items-center gap-2 text-sm text-muted">
      <svg viewBox="0 0 10 10" className={`size-2.5 ${isLive ? 'text-ok' : 'text-bad'}`} aria-hidden="true">
        {isLive ? (
          <circle cx="5" cy="5" r="5" fill="currentColor" />
        ) : (
          <path d="M1 1l8 8m0-8-8 8" stroke="currentColor" strokeWidth="2" />
        )}
      </svg>
      <span>
        {isLive ? 'Live' : 'Not live'}
        {data?.head != null && ` · block ${formatCount(data.head)}`}
        {data?.chainId != null && <span className="max-sm:hidden"> · chain {data.chainId}</span>}
      </span>
    </p>
  )
}

import { useQuery } from '@tanstack/react-query'
import { healthQuery } from '../api/queries.ts'
import { formatCount } from '../format/formatNumber.ts'
import { useInbox } from '../inbox/useInbox.ts'
import { usePath } from '../live/useRoute.ts'
import { auditUrl, inboxUrl, jobsUrl, marketUrl, newOrderUrl, sellUrl, settingsUrl } from '../url.ts'
import { WalletButton } from '../wallet/WalletButton.tsx'
import { followLink } from './Link.tsx'

/** Name, way home, and how far the chain was followed. */
export const Header = () => (
  <header className="border-b border-line bg-surface">
    <div className="mx-auto flex min-h-14 max-w-6xl items-center justify-between gap-3 px-4 sm:px-6">
      <a
        href={marketUrl()}
        onClick={followLink(marketUrl())}
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
        <span className="max-[26rem]:sr-only">Trainyard</span>
      </a>
      <div className="flex min-w-0 items-center gap-3 sm:gap-4">
        <ChainState />
        <WalletButton />
      </div>
    </div>
    <Nav />
  </header>
)

const places = [
  { name: 'Market', url: marketUrl() },
  { name: 'Order', url: newOrderUrl() },
  { name: 'My jobs', url: jobsUrl() },
  { name: 'Sell', url: sellUrl() },
  { name: 'Audit', url: auditUrl() },
  { name: 'Inbox', url: inboxUrl() },
  { name: 'Settings', url: settingsUrl() },
]

const Nav = () => {
  const here = usePath()
  const { unread } = useInbox()
  return (
    <nav aria-label="Main" className="mx-auto max-w-6xl px-2 sm:px-4">
      <ul className="flex flex-wrap">
        {places.map(({ name, url }) => (
          <li key={url}>
            <a
              href={url}
              onClick={followLink(url)}
              aria-current={here === url ? 'page' : undefined}
              className={`block border-b-2 px-2 py-2 text-sm font-medium ${here === url ? 'border-accent text-text' : 'border-transparent text-muted hover:text-text'}`}
            >
              {name}
              {url === inboxUrl() && unread > 0 && <Unread count={unread} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Unread = ({ count }: { count: number }) => (
  <span className="ml-1.5 inline-block min-w-5 rounded-full bg-accent px-1.5 text-center text-xs leading-5 text-on-accent">
    {count > 99 ? '99+' : count}
    <span className="sr-only"> unread</span>
  </span>
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
        <span className="max-sm:sr-only">{isLive ? 'Live' : 'Not live'}</span>
        {data?.head != null && (
          <>
            <span className="max-sm:hidden"> · </span>
            <span className="max-[30rem]:sr-only">block {formatCount(data.head)}</span>
          </>
        )}
        {data?.chainId != null && <span className="max-sm:hidden"> · chain {data.chainId}</span>}
      </span>
    </p>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Health } from '../../server/api/schemas.ts'
import { healthQuery } from '../api/queries.ts'
import { formatCount } from '../format/formatNumber.ts'
import { formatClock, formatSeconds } from '../format/formatTime.ts'
import { useNow } from '../live/useNow.ts'
import { Banner } from './Banner.tsx'

/** Says when what the page shows may not be what the chain says, and why. */
export const ChainBanners = () => {
  const health = useQuery(healthQuery())
  const reset = useChainReset(health.data)
  return (
    <>
      {reset.at !== undefined && (
        <Banner tone="warn" title="The chain was reset." onDismiss={reset.dismiss}>
          Since {formatClock(reset.at)} this page shows another chain: orders, machines and balances of the
          old one are gone. A wallet that remembers the old chain must have its activity cleared.
        </Banner>
      )}
      {health.isError && health.data && <ServerGone readAtMs={health.dataUpdatedAt} />}
      {!health.isError && health.data?.phase === 'unreachable' && <NodeGone health={health.data} />}
      {!health.isError && health.data?.phase === 'waiting' && (
        <Banner tone="warn" title="Waiting for the contracts.">
          The chain at {health.data.rpc} answers, but the market's contracts are not on it yet. If this stays,
          restart with npm start.
        </Banner>
      )}
    </>
  )
}

const useChainReset = (health: Health | undefined) => {
  const seen = useRef<string | null>(null)
  const [at, setAt] = useState<number | undefined>()
  const genesisHash = health?.genesisHash ?? null
  useEffect(() => {
    if (genesisHash === null) return
    if (seen.current !== null && seen.current !== genesisHash) setAt(Math.floor(Date.now() / 1000))
    seen.current = genesisHash
  }, [genesisHash])
  return { at, dismiss: () => setAt(undefined) }
}

const ServerGone = ({ readAtMs }: { readAtMs: number }) => (
  <Banner tone="bad" title="The market server does not answer.">
    What you see is from {formatClock(readAtMs / 1000)}. Orders go on without this page and no money moved
    through it. Check that npm start still runs; the page comes back by itself.
  </Banner>
)

const NodeGone = ({ health }: { health: Health }) => {
  const now = useNow()
  const age = health.headAt === null ? undefined : formatSeconds(now - health.headAt)
  return (
    <Banner tone="bad" title="The chain does not answer.">
      {health.head === null
        ? `Nothing could be read from ${health.rpc} yet.`
        : `What you see is block ${formatCount(health.head)}, ${age} old. Trying ${health.rpc} every second.`}{' '}
      No money moved; deadlines on chain go on.
    </Banner>
  )
}

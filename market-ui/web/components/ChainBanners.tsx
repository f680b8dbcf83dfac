import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Health } from '../../server/api/schemas.ts'
import { healthQuery } from '../api/queries.ts'
import { formatCount } from '../format/formatNumber.ts'
import { formatClock, formatSeconds } from '../format/formatTime.ts'
import { useNow } from '../live/useNow.ts'
import { local } from '../local.ts'
import { Banner } from './Banner.tsx'

/** Says when what the page shows may not be what the chain says, and why. */
export const ChainBanners = () => {
  const health = useQuery(healthQuery())
  const reset = useChainReset(health.data)
  return (
    <>
      {reset.at !== undefined && (
        <Banner tone="warn" title="The chain was reset." onDismiss={reset.dismiss}>
          Since {formatClock(reset.at)}, or since your last visit, this is another chain with the same number:
          orders, machines and balances of the old one are gone. If your wallet then refuses transactions or
          shows a wrong nonce, clear its activity for this network (MetaMask: Settings, Advanced, Clear
          activity tab data). The devnet key needs nothing.
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

/** Also between two visits: what was seen last is kept in this browser. */
const useChainReset = (health: Health | undefined) => {
  const [at, setAt] = useState<number | undefined>()
  const chainId = health?.chainId ?? null
  const hash = health?.genesisHash ?? null
  useEffect(() => {
    if (hash === null || chainId === null) return
    const seen = local.genesis.get()
    if (seen?.chainId === chainId && seen.hash !== hash) setAt(Math.floor(Date.now() / 1000))
    local.genesis.set({ chainId, hash })
  }, [chainId, hash])
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

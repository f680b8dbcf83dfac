import { useQuery } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { chainQuery, ordersQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { local } from '../local.ts'
import { FailureBox } from '../wallet/FailureBox.tsx'
import type { Comparison } from './compareWithChain.ts'
import { type LightClientState, lightClient, startLightClient, stopLightClient } from './lightClient.ts'

const COMPARED_ORDERS = 5

/** Whether this browser follows the chain by itself, how far it is, and whether the server says what the chain says. */
const LightClientCard = () => {
  const state = useSyncExternalStore(lightClient.subscribe, lightClient.snapshot)
  const { data: chain } = useQuery(chainQuery())
  const deployment = chain?.deployment
  const start = () => {
    if (deployment?.chain === undefined || deployment.chain === 'evm') return
    local.lightClient.set(true)
    startLightClient({ ...deployment, chain: deployment.chain })
  }
  const stop = () => {
    local.lightClient.set(undefined)
    stopLightClient()
  }
  return (
    <Card title="Light client" className="lg:col-span-3" aside={state.chainName}>
      <p className="max-w-prose text-muted">
        Follows the chain in this browser, from its peers, and proves what it reads. Balances, prices, stakes
        and transactions then come from it instead of the market server; lists still come from the server, and
        can be compared. It opens connections to the network's nodes, which see your address on the internet.
      </p>
      <p role="status" className="mt-3">
        {words(state)}
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        {state.phase === 'off' || state.phase === 'unknownChain' ? (
          <Button onClick={start} disabled={deployment === undefined}>
            Start the light client
          </Button>
        ) : (
          <Button onClick={stop}>Stop it</Button>
        )}
      </div>
      {state.phase === 'ready' && <Compare />}
    </Card>
  )
}
export default LightClientCard

const words = ({ phase, chainName, peers, error }: LightClientState): string => {
  const meanwhile = 'Meanwhile the page reads through the market server.'
  switch (phase) {
    case 'off':
      return 'Off. The page reads through the market server.'
    case 'unknownChain':
      return 'No specification of this chain comes with the page, so no light client can follow it. The page reads through the market server.'
    case 'starting':
      return `Starting: reading the specification of ${chainName}. ${meanwhile}`
    case 'syncing':
      return `Syncing with ${chainName}${peers === undefined ? '' : `, ${formatCount(peers)} peers`}. ${meanwhile}`
    case 'noPeers':
      return `No peer of ${chainName} can be reached from this browser; it goes on trying. ${meanwhile}`
    case 'ready':
      return `Ready: ${chainName}, ${formatCount(peers ?? 0)} peers. What this page reads from the chain is proved here.`
    case 'failed':
      return `It stopped: ${error ?? 'it did not say why'} The page reads through the market server.`
  }
}

/** Of the newest orders, and of the block that the server has followed to. */
const Compare = () => {
  const { data: chain } = useQuery(chainQuery())
  const { data: orders } = useQuery(ordersQuery({ limit: COMPARED_ORDERS }))
  const [found, setFound] = useState<Comparison>()
  const [error, setError] = useState<unknown>()
  const compare = async () => {
    setError(undefined)
    setFound(undefined)
    if (chain === undefined || orders === undefined) return
    const [{ compareWithChain }, { marketProvider, serverProvider }] = await Promise.all([
      import('./compareWithChain.ts'),
      import('../chain/marketProvider.ts'),
    ])
    const { deployment } = chain
    try {
      const block = await serverProvider(deployment.chainId).getBlock('finalized')
      if (!block?.hash) return
      const said = { block: { number: block.number, hash: block.hash }, orders: orders.orders }
      setFound(await compareWithChain({ deployment, provider: marketProvider(deployment.chainId) }, said))
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <div className="mt-4 grid gap-2">
      <div>
        <Button onClick={() => void compare()} disabled={chain === undefined || orders === undefined}>
          Compare the server with the chain
        </Button>
      </div>
      <p role="status">
        {found &&
          found.differences.length === 0 &&
          `Block ${formatCount(found.block)} and ${found.compared} orders are as the server says.`}
      </p>
      {found && found.differences.length > 0 && (
        <ul role="alert" className="list-disc rounded-lg border border-bad bg-bad-soft p-3 pl-7">
          {found.differences.map((difference) => (
            <li key={difference} className="break-words">
              {difference}
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <FailureBox error={error} />}
    </div>
  )
}

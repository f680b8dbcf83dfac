import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { healthQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { FailureBox } from './FailureBox.tsx'
import { useWallet } from './useWallet.ts'
import { switchNetwork } from './WalletStore.ts'

/** Says how the wallet's network differs, and changes it if that helps. */
export const SwitchNetwork = ({ problem }: { problem: 'number' | 'genesis' }) => {
  const { data: health } = useQuery(healthQuery())
  const { chainId, wallet } = useWallet()
  const [error, setError] = useState<unknown>()
  if (health?.chainId == null) return null
  if (wallet?.ss58 !== undefined) return <OtherChain />
  const market = { chainId: health.chainId, name: `Trainyard (${health.chainId})`, rpc: health.rpc }
  const change = () => {
    setError(undefined)
    switchNetwork(market).catch(setError)
  }
  return (
    <div className="grid gap-3 rounded-lg border border-bad bg-bad-soft p-3">
      <div>
        <p className="font-semibold text-bad">
          {problem === 'number' ? 'Wrong network' : 'Another chain with the same number'}
        </p>
        {problem === 'number' ? (
          <p>
            The wallet is on chain {chainId}; the market is on chain {market.chainId}. Nothing can be signed
            until both are the same.
          </p>
        ) : (
          <p>
            The wallet's network {market.chainId} begins with another block than the market's: it points to
            another node, or remembers a local chain from before a reset. In the wallet, set that network's
            RPC address to <code className="font-mono break-all">{market.rpc}</code> and clear the account's
            activity (in MetaMask: Settings, Advanced, Clear activity tab data).
          </p>
        )}
      </div>
      {problem === 'number' && (
        <div>
          <Button onClick={change}>Switch to chain {market.chainId}</Button>
        </div>
      )}
      {error !== undefined && <FailureBox error={error} />}
    </div>
  )
}

/** Substrate wallets have no network to switch: an account may be kept to one chain. */
const OtherChain = () => (
  <div className="rounded-lg border border-bad bg-bad-soft p-3">
    <p className="font-semibold text-bad">The account is kept for another chain</p>
    <p>
      Its wallet lets it be used on one chain only, which is not this market's. In the extension, allow it on
      any chain, then connect it again. Nothing can be signed until then.
    </p>
  </div>
)

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { healthQuery } from '../api/queries.ts'
import type { WalletDetail } from './eip1193.ts'
import { FailureBox } from './FailureBox.tsx'
import { useWallet, useWallets } from './useWallet.ts'
import { connectWallet } from './WalletStore.ts'

const SubstrateChoice = lazy(() => import('./substrate/SubstrateChoice.tsx'))

/** The wallets that announced themselves, and the devnet's key where there is one. */
export const WalletChoice = () => {
  const announced = useWallets()
  const { data: health } = useQuery(healthQuery())
  const isSubstrate = health !== undefined && health.chain !== 'evm'
  // An EVM pallet takes no transactions of Ethereum's wallets, pallet-revive does.
  const found = health?.chain === 'substrate-evm' ? [] : announced
  const { phase, wallet, error } = useWallet()
  return (
    <div className="grid gap-4">
      {phase === 'locked' && (
        <p role="alert" className="rounded-lg border border-warn bg-warn-soft p-3">
          <strong className="font-semibold text-warn">{wallet?.info.name} shows no account.</strong> It is
          locked, or this page was taken off its list. Unlock it, then connect again.
        </p>
      )}
      {error !== undefined && <FailureBox error={error} />}
      {isSubstrate && (
        <Suspense>
          <SubstrateChoice />
        </Suspense>
      )}
      {found.length === 0 && !isSubstrate && (
        <p className="text-muted">
          No wallet was found in this browser. Install one that supports EIP-6963, then load the page again.
        </p>
      )}
      <ul className="grid gap-2">
        {found.map((detail) => (
          <li key={detail.info.uuid}>
            <Choice detail={detail} isAsked={phase === 'connecting' && wallet === detail} />
          </li>
        ))}
      </ul>
      <p className="text-sm text-muted">
        The market never holds your key. It sees your address and asks the wallet to sign what you agree to.
      </p>
    </div>
  )
}

const Choice = ({ detail, isAsked }: { detail: WalletDetail; isAsked: boolean }) => {
  const { name, icon } = detail.info
  return (
    <button
      type="button"
      onClick={() => void connectWallet(detail)}
      className="flex w-full items-center gap-3 rounded-lg border border-line-strong bg-surface px-4 py-3 text-left hover:bg-raised"
    >
      {icon.startsWith('data:image/') ? (
        <img src={icon} alt="" className="size-8 rounded" />
      ) : (
        <span className="size-8 rounded bg-raised" aria-hidden="true" />
      )}
      <span className="min-w-0">
        <span className="block font-medium break-words">{name.slice(0, 60)}</span>
        <span className="block text-sm text-muted">
          {isAsked
            ? 'Answer in the wallet'
            : detail.isDevKey
              ? 'A key in this page for trying things out; signs unasked. Devnet only.'
              : 'Browser extension'}
        </span>
      </span>
    </button>
  )
}

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { healthQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { shorten } from '../format/shorten.ts'
import { networkProblem } from './networkProblem.ts'
import { useWallet } from './useWallet.ts'

const WalletDialog = lazy(() => import('./WalletDialog.tsx'))

/** Connects a wallet, or shows which one is connected. */
export const WalletButton = () => {
  const [isOpen, setIsOpen] = useState(false)
  const wallet = useWallet()
  const { data } = useQuery(healthQuery())
  const problem = networkProblem(wallet, data)
  const label =
    wallet.phase === 'connecting'
      ? 'Connecting'
      : wallet.phase === 'locked'
        ? 'Wallet locked'
        : wallet.account
          ? shorten(wallet.account)
          : 'Connect wallet'
  return (
    <>
      <Button onClick={() => setIsOpen(true)} className="whitespace-nowrap">
        {wallet.wallet?.isDevKey && <DevBadge />}
        {wallet.account && <span className="sr-only">Wallet </span>}
        <span className={wallet.account ? 'font-mono text-[0.875em]' : ''}>{label}</span>
        {problem && <span className="text-bad"> · wrong network</span>}
      </Button>
      {isOpen && (
        <Suspense>
          <WalletDialog onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

/** A key in the page must never be taken for a wallet. */
const DevBadge = () => (
  <span className="mr-2 rounded bg-warn-soft px-1.5 py-0.5 text-xs font-semibold text-warn">DEV KEY</span>
)

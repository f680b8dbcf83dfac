import type { ReactNode } from 'react'
import { Card } from '../components/Card.tsx'
import { useWallet } from './useWallet.ts'
import { WalletChoice } from './WalletChoice.tsx'

/** What is shown of an account, or the choice of a wallet while there is none. */
export const NeedsWallet = ({ why, children }: { why: string; children: (account: string) => ReactNode }) => {
  const { phase, account } = useWallet()
  if (phase === 'connected' && account) return children(account)
  return (
    <div className="mt-6 max-w-xl">
      <Card title="Connect a wallet">
        <p className="mb-4 text-muted">{why}</p>
        <WalletChoice />
      </Card>
    </div>
  )
}

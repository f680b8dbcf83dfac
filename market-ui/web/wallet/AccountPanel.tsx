import { useQuery } from '@tanstack/react-query'
import { chainQuery, healthQuery } from '../api/queries.ts'
import { balancesQuery } from '../chain/balancesQuery.ts'
import { Button } from '../components/Button.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { ActionStatus } from './ActionStatus.tsx'
import { networkProblem } from './networkProblem.ts'
import { SwitchNetwork } from './SwitchNetwork.tsx'
import { useAction } from './useAction.ts'
import { useWallet } from './useWallet.ts'
import { disconnectWallet } from './WalletStore.ts'

/** The account, what it has, and the way out. */
export const AccountPanel = ({ onClose }: { onClose: () => void }) => {
  const { wallet, account } = useWallet()
  const { data: chain } = useQuery(chainQuery())
  const { data: health } = useQuery(healthQuery())
  const problem = networkProblem(useWallet(), health)
  return (
    <div className="grid gap-4">
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="text-muted">{wallet?.info.name.slice(0, 60)}:</span>
        {account && <Hash value={account} what="your address" />}
      </p>
      {wallet?.ss58 !== undefined && (
        <p className="flex flex-wrap items-center gap-x-2 text-sm">
          <span className="text-muted">Substrate account, where the coin for fees is:</span>
          <Hash value={wallet.ss58} what="your Substrate account" />
        </p>
      )}
      {wallet?.isDevKey && (
        <p className="rounded-lg border border-warn bg-warn-soft p-3">
          <strong className="font-semibold text-warn">DEV KEY.</strong> It lies open in this browser's storage
          and signs without asking. It works only on local chains (31337); send nothing of value to it.
        </p>
      )}
      {problem && <SwitchNetwork problem={problem} />}
      {chain && account && !problem && <Balances account={account} isDevnet={chain.isDevnet} />}
      <div>
        <Button
          onClick={() => {
            disconnectWallet()
            onClose()
          }}
        >
          Disconnect
        </Button>
      </div>
    </div>
  )
}

const Balances = ({ account, isDevnet }: { account: string; isDevnet: boolean }) => {
  const { data: chain } = useQuery(chainQuery())
  const isSubstrate = useWallet().wallet?.ss58 !== undefined
  const balances = useQuery(balancesQuery(chain, account))
  const mint = useAction()
  const getCoins = () =>
    mint.run(async (tell, wallet, deployment) => {
      const { getTestCoins } = await import('../chain/getTestCoins.ts')
      return getTestCoins(wallet, deployment, tell)
    })
  const { data } = balances
  return (
    <>
      <dl className="grid gap-1">
        <Row name="In the wallet">{data ? <Dev wei={data.tokenWei} /> : '…'}</Row>
        <Row name="Free in the market">{data ? <Dev wei={data.freeWei} /> : '…'}</Row>
        <Row name="Held for orders">{data ? <Dev wei={data.heldWei} /> : '…'}</Row>
        <Row name="Coin for gas">
          {data ? <Dev wei={data.coinWei} unit={isSubstrate ? 'coin' : 'ETH'} /> : '…'}
        </Row>
      </dl>
      {isDevnet && (
        <div className="grid gap-2">
          <div>
            <Button onClick={getCoins} disabled={mint.state.phase === 'working'}>
              Get 1,000 DEV for trying things out
            </Button>
          </div>
          <ActionStatus state={mint.state} done="The coins are there." />
        </div>
      )}
    </>
  )
}

const Row = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="flex items-baseline justify-between gap-4">
    <dt className="text-muted">{name}</dt>
    <dd>{children}</dd>
  </div>
)

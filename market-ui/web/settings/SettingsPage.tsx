import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { chainQuery, healthQuery } from '../api/queries.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { Choice } from '../components/Choice.tsx'
import { Facts } from '../components/Facts.tsx'
import { Hash } from '../components/Hash.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { saveFile } from '../live/saveFile.ts'
import { chooseTheme, theme } from '../live/theme.ts'
import { exportLocal, forgetLocal } from '../local.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { disconnectWallet } from '../wallet/WalletStore.ts'
import { ExportOrders } from './ExportOrders.tsx'
import { NotificationsCard } from './NotificationsCard.tsx'
import { WebhooksCard } from './WebhooksCard.tsx'

const LightClientCard = lazy(() => import('../lightClient/LightClientCard.tsx'))

/** Theme, network, notices, and what this browser keeps. */
const SettingsPage = () => (
  <>
    <PageTitle title="Settings">Settings</PageTitle>
    <div className="mt-6 grid gap-6 lg:grid-cols-3">
      <ThemeCard />
      <DataCard />
      <NotificationsCard />
      <WebhooksCard />
      <NetworkCard />
      <ChainReader />
    </div>
  </>
)
export default SettingsPage

/** Only chains of Substrate have light clients. */
const ChainReader = () => {
  const { data: health } = useQuery(healthQuery())
  if (health === undefined || health.chain === 'evm') return null
  return (
    <Suspense>
      <LightClientCard />
    </Suspense>
  )
}

const ThemeCard = () => {
  const chosen = useSyncExternalStore(theme.subscribe, theme.chosen)
  return (
    <Card title="Theme">
      <Choice
        label="Colours"
        value={chosen ?? 'system'}
        onChange={(value) => chooseTheme(value === 'light' || value === 'dark' ? value : undefined)}
        options={[
          { value: 'system', text: "The system's" },
          { value: 'light', text: 'Light' },
          { value: 'dark', text: 'Dark' },
        ]}
      />
    </Card>
  )
}

const NetworkCard = () => {
  const { data: health } = useQuery(healthQuery())
  const { data: chain } = useQuery(chainQuery())
  const contracts = chain
    ? (['market', 'balances', 'machines', 'staking', 'proofs', 'windows', 'token'] as const)
    : []
  return (
    <Card title="Network" className="lg:col-span-3" aside={health?.phase}>
      <Facts
        facts={[
          ['Chain', health?.chainId ?? 'unknown'],
          ['Node of this market', health?.rpc ?? 'unknown'],
          ['Last block followed', health?.head == null ? 'none' : formatCount(health.head)],
          [
            'First block',
            health?.genesisHash ? (
              <Hash key="genesis" value={health.genesisHash} what="the first block's hash" />
            ) : (
              'unknown'
            ),
          ],
          ...contracts.map((name): [string, React.ReactNode] => [
            `Contract ${name}`,
            chain && <Hash key={name} value={chain.deployment[name]} what={`the address of ${name}`} />,
          ]),
        ]}
      />
      <p className="mt-3 text-sm text-muted">
        The market follows one chain, which its operator chooses. Your wallet must be on the same one.
      </p>
    </Card>
  )
}

const DataCard = () => {
  const [isForgotten, setIsForgotten] = useState(false)
  const { account } = useWallet()
  const forget = () => {
    disconnectWallet()
    forgetLocal()
    setIsForgotten(true)
  }
  return (
    <Card title="Your data">
      <p className="text-muted">
        This browser keeps the draft of an order, the theme, which wallet you used, how far you read the
        inbox, and on a devnet the devnet key. The server keeps the webhooks you add and nothing else about
        you; the chain is public.
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button
          onClick={() => saveFile('trainyard-settings.json', `${JSON.stringify(exportLocal(), null, 2)}\n`)}
        >
          Export settings
        </Button>
        <Button look="danger" onClick={forget}>
          Forget everything here
        </Button>
      </div>
      {account && (
        <div className="mt-3">
          <ExportOrders account={account} />
        </div>
      )}
      <p role="status" className="mt-2">
        {isForgotten && 'Forgotten. The devnet key is gone too.'}
      </p>
    </Card>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Machine } from '../../server/api/machineSchemas.ts'
import type { OrderSummary } from '../../server/api/schemas.ts'
import { chainQuery, machinesQuery, ordersQuery } from '../api/queries.ts'
import { balancesQuery } from '../chain/balancesQuery.ts'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { Facts } from '../components/Facts.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { formatPlural } from '../format/formatNumber.ts'
import { OrdersTable } from '../market/OrdersTable.tsx'
import { rankMachines } from '../market/rankMachines.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { NeedsWallet } from '../wallet/NeedsWallet.tsx'
import { useAction } from '../wallet/useAction.ts'
import { ListMachineCard } from './ListMachineCard.tsx'
import { OwnMachine } from './OwnMachine.tsx'
import { StakeCard } from './StakeCard.tsx'

/** A seller's machines and earnings. */
const SellPage = () => (
  <>
    <PageTitle title="Sell">Sell</PageTitle>
    <NeedsWallet why="Connect the account that registered your machines, or one that will.">
      {(account) => <Seller account={account} />}
    </NeedsWallet>
  </>
)
export default SellPage

const Seller = ({ account }: { account: string }) => {
  const machines = useQuery(machinesQuery())
  const orders = useQuery(ordersQuery({ seller: account, limit: 200 }))
  return (
    <div className="mt-6 grid gap-6 lg:grid-cols-3">
      <Card title="Machines" className="lg:col-span-2">
        <Loaded query={machines} what="machines" skeletonRows={2}>
          {({ machines }) => <Own machines={machines} account={account} />}
        </Loaded>
      </Card>
      <div className="grid content-start gap-6">
        <Earnings account={account} orders={orders.data?.orders ?? []} />
        <StakeCard account={account} />
      </div>
      <ListMachineCard className="lg:col-span-3" />
      <Card
        title="Orders on your machines"
        flush
        className="lg:col-span-3"
        aside={orders.data && formatPlural(orders.data.total, 'order')}
      >
        <Loaded query={orders} what="orders" skeletonRows={3}>
          {({ orders }) =>
            orders.length === 0 ? (
              <p className="px-4 py-5 text-muted sm:px-6">None yet.</p>
            ) : (
              <OrdersTable orders={orders} />
            )
          }
        </Loaded>
      </Card>
    </div>
  )
}

const Own = ({ machines, account }: { machines: readonly Machine[]; account: string }) => {
  const ranked = rankMachines(machines)
  const own = ranked.filter(({ machine }) => machine.owner.toLowerCase() === account.toLowerCase())
  if (own.length === 0)
    return (
      <p className="text-muted">
        This account has registered no machine. A daemon does it by itself; below it can be done by hand.
      </p>
    )
  return (
    <ul className="grid gap-4">
      {own.map((row) => (
        <li key={row.machine.machineId}>
          <OwnMachine row={row} total={ranked.length} />
        </li>
      ))}
    </ul>
  )
}

const sumWei = (orders: readonly OrderSummary[], of: (order: OrderSummary) => string): string =>
  String(orders.reduce((total, order) => total + BigInt(of(order)), 0n))

const Earnings = ({ account, orders }: { account: string; orders: readonly OrderSummary[] }) => {
  const { data: chain } = useQuery(chainQuery())
  const { data: balances } = useQuery(balancesQuery(chain, account))
  const action = useAction()
  const [isAsked, setIsAsked] = useState(false)
  const pending = orders.filter(({ settledAt }) => settledAt === 0)
  const settled = orders.filter(({ settledAt }) => settledAt > 0)
  const takeOut = () => {
    setIsAsked(true)
    return action.run(async (tell, wallet, deployment) =>
      (await import('./sellActions.ts')).withdrawFree({ wallet, deployment, tell }),
    )
  }
  return (
    <Card title="Earnings">
      <Facts
        facts={[
          ['Paid, with protocol fee', <Dev key="paid" wei={sumWei(settled, ({ paidWei }) => paidWei)} />],
          ['Pending, at most', <Dev key="pending" wei={sumWei(pending, ({ escrowWei }) => escrowWei)} />],
          ['Lost by slashing', <Dev key="slashed" wei={sumWei(settled, ({ slashedWei }) => slashedWei)} />],
          ['Free to take out', balances ? <Dev key="free" wei={balances.freeWei} /> : '…'],
        ]}
      />
      <p className="mt-2 text-sm text-muted">
        Pending is held for {formatPlural(pending.length, 'open order')}; what is paid of it depends on time
        and proof.
      </p>
      <div className="mt-3 grid gap-2">
        <div>
          <Button
            onClick={() => void takeOut()}
            disabled={action.state.phase === 'working' || balances === undefined || balances.freeWei === '0'}
          >
            Take out what is free
          </Button>
        </div>
        {isAsked && <ActionStatus state={action.state} done="It is in your wallet." />}
      </div>
    </Card>
  )
}

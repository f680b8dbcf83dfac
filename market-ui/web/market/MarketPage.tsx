import { useQuery } from '@tanstack/react-query'
import { machinesQuery, ordersQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { formatPlural } from '../format/formatNumber.ts'
import { MachinesTable } from './MachinesTable.tsx'
import { OrdersTable } from './OrdersTable.tsx'

/** What can be rented and what runs. */
export const MarketPage = () => {
  const machines = useQuery(machinesQuery())
  const orders = useQuery(ordersQuery())
  const free = machines.data?.machines.filter((machine) => machine.status === 'ForRent').length
  return (
    <>
      <PageTitle title="Trainyard">Rent machines to train models. Pay for work that is proved.</PageTitle>
      <p className="mt-2 max-w-3xl text-pretty text-muted">
        Sellers commit a hash of every checkpoint while they train; auditors drawn by lot re-run pieces of the
        work and compare the weights bit for bit before the money moves.
      </p>
      <div className="mt-6 grid gap-6">
        <Card
          title="Machines"
          flush
          aside={free !== undefined && `${free} of ${machines.data?.machines.length} free now`}
        >
          <Loaded query={machines} what="machines" skeletonRows={3}>
            {({ machines }) =>
              machines.length > 0 ? (
                <MachinesTable machines={machines} />
              ) : (
                <EmptyState title="No machines listed yet" command="npm start">
                  A seller's daemon registers its machine and offers it. This starts a market with sellers on
                  this computer:
                </EmptyState>
              )
            }
          </Loaded>
        </Card>
        <Card title="Orders" flush aside={orders.data && formatPlural(orders.data.total, 'order')}>
          <Loaded query={orders} what="orders" skeletonRows={3}>
            {({ orders }) =>
              orders.length > 0 ? (
                <OrdersTable orders={orders} />
              ) : (
                <EmptyState title="No orders yet" command="npm start -- --once">
                  This trains the sample job, digits, on a machine of the market and shows it here:
                </EmptyState>
              )
            }
          </Loaded>
        </Card>
      </div>
    </>
  )
}

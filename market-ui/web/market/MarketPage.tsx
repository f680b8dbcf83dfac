import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Machine } from '../../server/api/machineSchemas.ts'
import { machinesQuery, ordersQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { useSearch } from '../live/useRoute.ts'
import { FilterBar } from './FilterBar.tsx'
import { applyFilters, readFilters } from './filters.ts'
import { MachinesTable } from './MachinesTable.tsx'
import { MarketFigures } from './MarketFigures.tsx'
import { NoMatch } from './NoMatch.tsx'
import { OrdersTable } from './OrdersTable.tsx'
import { rankMachines } from './rankMachines.ts'
import { readSorting, sortRows } from './sortRows.ts'

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
      <MarketFigures machines={machines.data?.machines} />
      <div className="mt-6 grid gap-6">
        <Card
          title="Machines"
          flush
          className="xl:-mx-16"
          aside={
            free !== undefined &&
            `${formatCount(free)} of ${formatCount(machines.data?.machines.length ?? 0)} free now`
          }
        >
          <Loaded query={machines} what="machines" skeletonRows={3}>
            {({ machines }) =>
              machines.length > 0 ? (
                <Machines machines={machines} />
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

const Machines = ({ machines }: { machines: readonly Machine[] }) => {
  const search = useSearch()
  const ranked = useMemo(() => rankMachines(machines), [machines])
  const active = readFilters(search)
  const rows = useMemo(
    () => sortRows(applyFilters(ranked, readFilters(search)), readSorting(search)),
    [ranked, search],
  )
  return (
    <>
      <div className="pt-3">
        <FilterBar active={active} />
      </div>
      <p role="status" className="sr-only">
        {formatCount(rows.length)} of {formatPlural(machines.length, 'machine')} match
      </p>
      {rows.length > 0 ? <MachinesTable rows={rows} /> : <NoMatch rows={ranked} active={active} />}
    </>
  )
}

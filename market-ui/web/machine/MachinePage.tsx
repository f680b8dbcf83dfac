import { useQuery } from '@tanstack/react-query'
import type { MachineDetail } from '../../server/api/machineSchemas.ts'
import { ApiProblem } from '../api/fetchJson.ts'
import { machineQuery, ordersQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Facts } from '../components/Facts.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { DisputesTable } from '../dispute/DisputesTable.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { formatDateTime, formatSeconds } from '../format/formatTime.ts'
import { MachineState } from '../market/MachineState.tsx'
import { OrdersTable } from '../market/OrdersTable.tsx'
import { formatGib } from '../market/specsText.ts'
import { marketUrl } from '../url.ts'
import { ClassName } from './ClassName.tsx'
import { PriceHistory } from './PriceHistory.tsx'
import { ProofsTable } from './ProofsTable.tsx'
import { RecordCard } from './RecordCard.tsx'
import { ScoreCard } from './ScoreCard.tsx'
import { SpeedCard } from './SpeedCard.tsx'
import { UptimeCard } from './UptimeCard.tsx'

/** One machine: what it is, what it costs, what it did. */
const MachinePage = ({ machineId }: { machineId: string }) => {
  const query = useQuery(machineQuery(machineId))
  const isUnknown = query.error instanceof ApiProblem && query.error.status === 404
  return (
    <>
      <nav aria-label="Breadcrumb" className="mb-3 text-sm">
        <Link href={marketUrl()}>Market</Link>
      </nav>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <PageTitle title={`Machine ${machineId}`}>Machine #{machineId}</PageTitle>
        {query.data && <MachineState machine={query.data} />}
      </div>
      {isUnknown ? (
        <p className="mt-4 text-muted">The chain has no machine {machineId}, as far as it was followed.</p>
      ) : (
        <Loaded query={query} what="the machine" skeletonRows={6}>
          {(machine) => <Parts machine={machine} />}
        </Loaded>
      )}
    </>
  )
}
export default MachinePage

const Parts = ({ machine }: { machine: MachineDetail }) => {
  const orders = useQuery(ordersQuery({ machineId: machine.machineId, limit: 100 }))
  return (
    <div className="mt-6 grid gap-6 lg:grid-cols-3">
      <RecordCard machine={machine} />
      <div className="grid gap-6 self-start lg:col-span-2 lg:col-start-1 lg:row-start-1">
        <Specs machine={machine} />
        <UptimeCard machine={machine} />
        <SpeedCard machine={machine} />
        <ScoreCard machine={machine} />
      </div>
      <Card
        title="Offers"
        flush
        className="lg:col-span-3"
        aside={formatPlural(machine.offers.length, 'offer')}
      >
        <PriceHistory offers={machine.offers} />
        {machine.offers.length === 0 ? (
          <p className="px-4 py-5 text-muted sm:px-6">It was never offered.</p>
        ) : (
          <DataTable
            caption="Prices of this machine, newest first"
            columns={offerColumns}
            rows={machine.offers.toReversed()}
            rowKey={({ offerId }) => offerId}
          />
        )}
      </Card>
      <Card
        title="Disputes"
        flush
        className="lg:col-span-3"
        aside={formatPlural(machine.disputes.length, 'dispute')}
      >
        {machine.disputes.length === 0 ? (
          <p className="px-4 py-5 text-muted sm:px-6">No order on it was ever disputed.</p>
        ) : (
          <DisputesTable disputes={machine.disputes} withOrder />
        )}
      </Card>
      <Card
        title="Proofs"
        flush
        className="lg:col-span-3"
        aside="hashes on chain, and what auditors ran again of them"
      >
        <Loaded query={orders} what="proofs" skeletonRows={3}>
          {({ orders }) => <ProofsTable orders={orders} />}
        </Loaded>
      </Card>
      <Card title="Orders" flush className="lg:col-span-3" aside={formatPlural(machine.orderCount, 'order')}>
        <Loaded query={orders} what="orders" skeletonRows={3}>
          {({ orders }) =>
            orders.length === 0 ? (
              <p className="px-4 py-5 text-muted sm:px-6">It has had no order yet.</p>
            ) : (
              <OrdersTable orders={orders} />
            )
          }
        </Loaded>
      </Card>
    </div>
  )
}

const offerColumns: readonly Column<MachineDetail['offers'][number]>[] = [
  { header: 'Offer', isRowHeader: true, cell: ({ offerId }) => `#${offerId}` },
  { header: 'Made', cell: ({ at }) => (at === null ? 'unknown' : formatDateTime(at)) },
  { header: 'Price', align: 'end', cell: ({ pricePerHourWei }) => <Dev wei={pricePerHourWei} per="hour" /> },
  { header: 'Longest', align: 'end', cell: ({ maxSeconds }) => formatSeconds(maxSeconds) },
  { header: 'Transaction', cell: ({ txHash }) => <TxHash value={txHash} what="the offer's transaction" /> },
]

const Specs = ({ machine }: { machine: MachineDetail }) => {
  const { specs } = machine
  return (
    <Card title="Hardware" aside="as the seller says; its hash is on chain">
      {specs === null ? (
        <p className="text-muted">The specification is not in this store.</p>
      ) : (
        <Facts
          facts={[
            ['Region', specs.region ? `${specs.region}, as declared: nothing checks it` : 'not said'],
            ...specs.gpus.map((gpu, index): [string, string] => [
              specs.gpus.length === 1 ? 'GPU' : `GPUs, ${index + 1}. kind`,
              `${gpu.count} x ${gpu.model}, ${formatGib(gpu.memoryBytes)} each, driver ${gpu.driverVersion ?? 'unknown'}, CUDA ${gpu.cudaVersion ?? 'unknown'}`,
            ]),
            ...(specs.gpus.length === 0 ? [['GPU', 'none'] as [string, string]] : []),
            ['Processor', `${specs.cpu.brand || 'unknown'}, ${formatCount(specs.cpu.cores)} threads`],
            ['Memory', formatGib(specs.memoryBytes)],
            ['Disk', formatGib(specs.diskBytes)],
            ['System', `${specs.os.distro} ${specs.os.release}, kernel ${specs.os.kernel}`],
          ]}
        />
      )}
      <div className="mt-3">
        <Facts
          facts={[
            ['Hardware class', <ClassName key="class" name={machine.hardwareClass} />],
            ['Seller', <Hash key="seller" value={machine.owner} what="the seller's address" />],
            // Never a link: it is whatever the seller registered.
            [
              'Endpoint',
              <span key="endpoint" className="font-mono text-[0.875em] break-all">
                {machine.endpoint}
              </span>,
            ],
          ]}
        />
      </div>
    </Card>
  )
}

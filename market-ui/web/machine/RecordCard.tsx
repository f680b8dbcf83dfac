import type { MachineDetail } from '../../server/api/machineSchemas.ts'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { Facts } from '../components/Facts.tsx'
import { followLink } from '../components/Link.tsx'
import { formatCount, formatPercent, formatPlural } from '../format/formatNumber.ts'
import { formatAgo, formatSeconds } from '../format/formatTime.ts'
import { gpuCount, reliabilityOf } from '../market/rankMachines.ts'
import { modeText } from '../ordering/proofModes.ts'
import { newOrderUrl } from '../url.ts'
import { StakeOf } from './StakeOf.tsx'

/** What it costs, and what the chain counted of it. */
export const RecordCard = ({ machine }: { machine: MachineDetail }) => {
  const { completed, failed, expired, offer, record, proved } = machine
  const ended = completed + failed + expired
  const gpus = gpuCount(machine)
  const orderUrl = newOrderUrl({ machine: machine.machineId })
  return (
    <Card title="Price and record" className="lg:sticky lg:top-4 lg:col-start-3 lg:row-start-1 lg:self-start">
      <Facts
        facts={[
          ['Price', offer ? <Dev key="price" wei={offer.pricePerHourWei} per="hour" /> : 'not offered'],
          ...(offer && gpus > 1
            ? [
                [
                  'Of each GPU',
                  <Dev key="each" wei={String(BigInt(offer.pricePerHourWei) / BigInt(gpus))} per="hour" />,
                ] as const,
              ]
            : []),
          [
            'Order length',
            offer
              ? `${formatSeconds(offer.minSeconds)} to ${formatSeconds(offer.maxSeconds)}`
              : 'not offered',
          ],
          ['Proof', proofText(machine)],
          [
            'Last proof',
            proved
              ? `${formatAgo(proved.lastAt)}, of ${formatPlural(proved.orders, 'proved order')}`
              : 'none yet',
          ],
          [
            'Orders done',
            ended === 0
              ? 'none yet'
              : `${formatCount(completed)} of ${formatCount(ended)} (${formatPercent(completed / ended)})`,
          ],
          ['Failed', formatCount(failed)],
          ['Expired', formatCount(expired)],
          ['Reliability, at least', formatPercent(reliabilityOf(machine))],
          ['Started late, in all', formatSeconds(record.lateStartSeconds)],
          ['Fees burned behind this record', <Dev key="fees" wei={record.feeBurnedWei} />],
          ['Stake of its seller', <StakeOf key="stake" account={machine.owner} />],
        ]}
      />
      <p className="mt-3 text-sm text-pretty text-muted">
        Anybody can buy from itself for a good record: it costs the burned fees, and no less.
      </p>
      {machine.status === 'ForRent' && (
        <p className="mt-4">
          <a
            href={orderUrl}
            onClick={followLink(orderUrl)}
            className="inline-block rounded-lg bg-accent px-4 py-2 font-medium text-on-accent"
          >
            Order this machine
          </a>
        </p>
      )}
    </Card>
  )
}

const proofText = ({ proofModes, auditors }: MachineDetail): string => {
  if (proofModes === null || auditors === null) return 'not known now'
  const seats = `${formatPlural(auditors, 'auditor')} of its class`
  return `${proofModes.map(modeText).join(', ') || 'none'}: ${seats}`
}

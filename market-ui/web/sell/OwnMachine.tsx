import { useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Dev } from '../components/Dev.tsx'
import { Field } from '../components/Field.tsx'
import { Link } from '../components/Link.tsx'
import { formatPercent } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { exactDev } from '../format/formatWei.ts'
import { MachineState } from '../market/MachineState.tsx'
import type { Ranked } from '../market/rankMachines.ts'
import { specsText } from '../market/specsText.ts'
import { WhyRank } from '../market/WhyRank.tsx'
import { machineUrl, orderUrl } from '../url.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { MachineHealth } from './MachineHealth.tsx'

/** One of the seller's own machines: as buyers see it, and what to change. */
export const OwnMachine = ({ row, total }: { row: Ranked; total: number }) => {
  const { machine } = row
  const { offer } = machine
  const [price, setPrice] = useState(offer ? devOf(offer.pricePerHourWei) : '36')
  const [minutes, setMinutes] = useState(offer ? String(offer.maxSeconds / 60) : '60')
  const [isAsking, setIsAsking] = useState(false)
  const action = useAction()
  const isWorking = action.state.phase === 'working'
  const priceProblem =
    /^\d{1,9}(\.\d{1,18})?$/.test(price) && Number(price) > 0 ? undefined : 'a price such as 3.6 is needed'
  const minutesProblem = Number(minutes) > 0 ? undefined : 'a time in minutes is needed'
  const offerIt = () =>
    action.run(async (tell, wallet, deployment) =>
      (await import('./sellActions.ts')).changePrice(
        { wallet, deployment, tell },
        { machineId: machine.machineId, devPerHour: price, maxMinutes: Number(minutes) },
      ),
    )
  const stopOffering = (offerId: string) =>
    action.run(async (tell, wallet, deployment) =>
      (await import('./sellActions.ts')).drain({ wallet, deployment, tell }, offerId),
    )
  return (
    <section aria-label={`Machine ${machine.machineId}`} className="rounded-lg border border-line p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Link href={machineUrl(machine.machineId)}>Machine #{machine.machineId}</Link>
        <MachineState machine={machine} />
        {machine.currentOrderId && (
          <Link href={orderUrl(machine.currentOrderId)}>order #{machine.currentOrderId}</Link>
        )}
      </div>
      <p className="mt-1 text-muted [overflow-wrap:anywhere]">{specsText(machine)}</p>
      <p className="mt-2">
        {machine.offer ? (
          <>
            Visible in the market at <Dev wei={machine.offer.pricePerHourWei} per="hour" />, up to{' '}
            {formatSeconds(machine.offer.maxSeconds)}, rank {row.rank} of {total}: reliability{' '}
            {formatPercent(row.reliability)}, uptime {formatPercent(row.uptime)}, median price over yours{' '}
            {row.cheapness.toFixed(2)}.{' '}
            <button
              type="button"
              onClick={() => setIsAsking(true)}
              className="min-h-6 font-medium text-accent underline underline-offset-4 hover:decoration-2"
            >
              Why this rank?
            </button>
          </>
        ) : (
          'Not visible to buyers: it is not offered.'
        )}
      </p>
      <MachineHealth machine={machine} />
      {isAsking && <WhyRank row={row} onClose={() => setIsAsking(false)} />}
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        <Field
          label="Price, DEV an hour"
          inputMode="decimal"
          value={price}
          onChange={setPrice}
          problem={priceProblem}
        />
        <Field
          label="Longest order, minutes"
          inputMode="decimal"
          value={minutes}
          onChange={setMinutes}
          problem={minutesProblem}
        />
      </div>
      <div className="mt-2 flex flex-wrap gap-3">
        <Button
          onClick={() => void offerIt()}
          disabled={isWorking || priceProblem !== undefined || minutesProblem !== undefined}
        >
          {machine.offer ? 'Change the price' : 'Offer it'}
        </Button>
        {machine.offer && (
          <Button
            look="danger"
            onClick={() => void stopOffering(machine.offer!.offerId)}
            disabled={isWorking}
          >
            Take it off the market
          </Button>
        )}
      </div>
      <p className="mt-2 text-sm text-muted">
        An order that runs keeps its price and goes on. A daemon offers its machine again at the price in its
        configuration when it starts: change it there too.
      </p>
      <ActionStatus state={action.state} done="It is on chain." />
    </section>
  )
}

/** An amount as one types it. */
const devOf = (wei: string): string => exactDev(wei, '').trim().replaceAll(',', '')

import { useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Dev } from '../components/Dev.tsx'
import { Field } from '../components/Field.tsx'
import { Link } from '../components/Link.tsx'
import { formatPercent } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { MachineState } from '../market/MachineState.tsx'
import type { Ranked } from '../market/rankMachines.ts'
import { specsText } from '../market/specsText.ts'
import { machineUrl, orderUrl } from '../url.ts'
import { ActionStatus } from '../wallet/ActionStatus.tsx'
import { useAction } from '../wallet/useAction.ts'
import { changePrice, drain } from './sellActions.ts'

/** One of the seller's own machines: as buyers see it, and what to change. */
export const OwnMachine = ({ row, rank, total }: { row: Ranked; rank: number; total: number }) => {
  const { machine } = row
  const [price, setPrice] = useState('36')
  const [minutes, setMinutes] = useState('60')
  const action = useAction()
  const isWorking = action.state.phase === 'working'
  const priceProblem =
    /^\d{1,9}(\.\d{1,18})?$/.test(price) && Number(price) > 0 ? undefined : 'a price such as 3.6 is needed'
  const minutesProblem = Number(minutes) > 0 ? undefined : 'a time in minutes is needed'
  const offerIt = () =>
    action.run((tell, wallet, deployment) =>
      changePrice(
        { wallet, deployment, tell },
        { machineId: machine.machineId, devPerHour: price, maxMinutes: Number(minutes) },
      ),
    )
  const stopOffering = (offerId: string) =>
    action.run((tell, wallet, deployment) => drain({ wallet, deployment, tell }, offerId))
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
            {formatSeconds(machine.offer.maxSeconds)}, rank {rank} of {total}: reliability{' '}
            {formatPercent(row.reliability)}, median price over yours {row.cheapness.toFixed(2)}.
          </>
        ) : (
          'Not visible to buyers: it is not offered.'
        )}
      </p>
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

import type { Machine } from '../../server/api/machineSchemas.ts'
import { formatCount } from '../format/formatNumber.ts'
import { formatWei } from '../format/formatWei.ts'
import { medianPrices } from './rankMachines.ts'

const TOP_GPUS = 3
const DAY_SECONDS = 86_400

/** The market at a glance; the room is there before the numbers are. */
export const MarketFigures = ({ machines }: { machines: readonly Machine[] | undefined }) => {
  const known = machines ?? []
  const free = known.filter(({ status }) => status === 'ForRent').length
  const working = known.filter(({ status }) => status === 'Renting').length
  const provedAfter = Date.now() / 1000 - DAY_SECONDS
  const proved = known.filter(({ proved }) => proved !== null && proved.lastAt > provedAfter).length
  const prices = medianPrices(known).slice(0, TOP_GPUS)
  return (
    <dl className="mt-5 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
      <Figure name="Free now" value={machines && formatCount(free)} />
      <Figure name="At work" value={machines && formatCount(working)} />
      <Figure name="Proved something today" value={machines && formatCount(proved)} />
      {prices.map(({ name, medianUnitPrice }) => (
        <Figure
          key={name}
          name={`${name.replace(/^NVIDIA /, '')}, an hour`}
          value={`${formatWei(String(BigInt(Math.round(medianUnitPrice))), 2)} DEV`}
        />
      ))}
    </dl>
  )
}

const Figure = ({ name, value }: { name: string; value: string | undefined }) => (
  <div className="flex min-w-0 flex-col-reverse">
    <dt className="truncate text-sm text-muted" title={name}>
      {name}
    </dt>
    <dd className="text-lg font-semibold">{value ?? '–'}</dd>
  </div>
)

import type { MachineDetail } from '../../server/api/machineSchemas.ts'
import { formatDateTime } from '../format/formatTime.ts'
import { formatWei } from '../format/formatWei.ts'

type Offers = MachineDetail['offers']

const WIDTH = 600
const HEIGHT = 80
const EDGE = 4

/** Prices as steps over time: each offer holds until the next. The table below has the same numbers. */
export const PriceHistory = ({ offers }: { offers: Offers }) => {
  const timed = offers.filter((offer): offer is Offers[number] & { at: number } => offer.at !== null)
  if (timed.length < 2) return null
  const now = Math.max(timed.at(-1)!.at, Math.floor(Date.now() / 1000)) // a devnet's clock may be ahead
  const sorted = timed.map(({ pricePerHourWei }) => BigInt(pricePerHourWei)).sort((a, b) => (a < b ? -1 : 1))
  const [lowWei, highWei] = [String(sorted[0]), String(sorted.at(-1))]
  const [low, high] = [Number(lowWei), Number(highWei)]
  const first = timed[0]!.at
  const x = (at: number) => EDGE + ((at - first) / Math.max(1, now - first)) * (WIDTH - 2 * EDGE)
  const y = (price: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((price - low) / (high - low)) * (HEIGHT - 2 * EDGE)
  const path = timed
    .map(
      ({ at, pricePerHourWei }, index) =>
        `${index === 0 ? 'M' : 'H'}${x(at)}${index === 0 ? ' ' : 'V'}${y(Number(pricePerHourWei))}`,
    )
    .join('')
  const wei = (price: 'first' | 'last') =>
    formatWei((price === 'first' ? timed[0] : timed.at(-1))!.pricePerHourWei)
  return (
    <figure className="px-4 py-4 sm:px-6">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-20 w-full"
        role="img"
        aria-label={`The price went from ${wei('first')} to ${wei('last')} DEV an hour in ${timed.length} offers since ${formatDateTime(first)}.`}
      >
        <path
          d={`${path}H${x(now)}`}
          className="stroke-accent"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
          fill="none"
        />
      </svg>
      <figcaption className="mt-1 flex flex-wrap justify-between gap-x-4 text-sm text-muted">
        <span>{formatDateTime(first)}</span>
        <span>
          lowest {formatWei(lowWei)}, highest {formatWei(highWei)} DEV an hour
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}

import { formatCount, formatLoss } from '../format/formatNumber.ts'
import type { LossPoint } from '../live/OrderFeedStore.ts'
import { thinOut } from './lossSummary.ts'

const MAX_ROWS = 100

/** The curve's points in a scrolling table. */
export const LossTable = ({ points }: { points: readonly LossPoint[] }) => {
  const rows = thinOut(points, MAX_ROWS)
  return (
    <section
      aria-label="Loss by step"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="h-64 overflow-y-auto rounded-lg border border-line"
    >
      <table className="w-full text-right">
        <caption className="sr-only">
          Loss by step{rows.length < points.length && `, ${rows.length} of ${points.length} points`}
        </caption>
        <thead>
          <tr>
            <th scope="col" className="sticky top-0 bg-raised px-4 py-1.5 text-sm font-medium text-muted">
              Step
            </th>
            <th scope="col" className="sticky top-0 bg-raised px-4 py-1.5 text-sm font-medium text-muted">
              Loss
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.step} className="border-t border-line">
              <td className="px-4 py-1">{formatCount(point.step)}</td>
              <td className="px-4 py-1">{formatLoss(point.loss)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

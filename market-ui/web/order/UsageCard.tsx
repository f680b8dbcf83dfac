import { Card } from '../components/Card.tsx'
import { Sparkline } from '../components/Sparkline.tsx'
import { formatCount, formatPercent } from '../format/formatNumber.ts'
import type { Usage } from '../live/OrderFeedStore.ts'
import { UsageFigures } from './UsageFigures.tsx'

type Props = { readonly usage: Usage; readonly usages: readonly Usage[]; readonly isOver: boolean }

/** What the GPUs do and draw, now and since the page was opened. */
export const UsageCard = ({ usage, usages, isOver }: Props) => {
  const watts = known(usages.map((one) => one.watts))
  const shares = known(usages.map((one) => one.utilisation))
  return (
    <Card title="GPUs" aside="as the machine says">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5">
        <UsageFigures usage={usage} isOver={isOver} />
      </dl>
      {shares.length > 1 && (
        <Line
          values={shares}
          max={1}
          text={`Use since you opened this page: ${formatPercent(Math.min(...shares))} to ${formatPercent(Math.max(...shares))}.`}
        />
      )}
      {watts.length > 1 && (
        <Line
          values={watts}
          text={`Power since you opened this page: ${formatCount(Math.round(Math.min(...watts)))} to ${formatCount(Math.round(Math.max(...watts)))}\u00a0W.`}
        />
      )}
    </Card>
  )
}

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)

const Line = ({ values, text, max }: { values: readonly number[]; text: string; max?: number }) => (
  <div className="mt-5">
    <Sparkline values={values} label={text} {...(max === undefined ? {} : { max })} />
    <p className="mt-2 text-sm text-muted">{text}</p>
  </div>
)

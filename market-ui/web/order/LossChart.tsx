import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatCount, formatLoss } from '../format/formatNumber.ts'
import type { LossPoint } from '../live/OrderFeedStore.ts'
import { type Colours, useColours } from '../live/useColours.ts'
import { centredMean, lossSummary } from './lossSummary.ts'

const HEIGHT_PX = 256
const MEAN_REACH = 10

type Props = { readonly points: readonly LossPoint[]; readonly totalSteps: number }

/** The curve. Its image role and sentence are what a screen reader gets; the table has the numbers. */
const LossChart = ({ points, totalSteps }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const [hovered, setHovered] = useState<number | null>(null)
  const colours = useColours()

  useEffect(() => {
    const element = box.current
    if (element === null) return
    const made = new uPlot(
      optionsFor(element.clientWidth, totalSteps, colours, setHovered),
      [[], [], []],
      element,
    )
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [totalSteps, colours])

  // biome-ignore lint/correctness/useExhaustiveDependencies: new colours mean a new, empty plot
  useEffect(() => {
    const steps = points.map((point) => point.step)
    const losses = points.map((point) => point.loss)
    plot.current?.setData([steps, losses, centredMean(points, MEAN_REACH)])
  }, [points, totalSteps, colours])

  const at = hovered === null ? undefined : points[hovered]
  return (
    <div>
      <div ref={box} role="img" aria-label={lossSummary(points)} className="min-w-0 overflow-hidden" />
      <p className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted" aria-hidden="true">
        <Key className="text-line-strong" width={1}>
          each step
        </Key>
        <Key className="text-accent" width={3}>
          mean of {2 * MEAN_REACH + 1} steps
        </Key>
        <span className="ml-auto">{at && `step ${formatCount(at.step)}: loss ${formatLoss(at.loss)}`}</span>
      </p>
    </div>
  )
}
export default LossChart

const Key = ({
  className,
  width,
  children,
}: {
  className: string
  width: number
  children: React.ReactNode
}) => (
  <span className="inline-flex items-center gap-2">
    <svg viewBox="0 0 20 4" className={`h-1 w-5 ${className}`} aria-hidden="true">
      <path d="M0 2h20" stroke="currentColor" strokeWidth={width} />
    </svg>
    {children}
  </span>
)

const optionsFor = (
  width: number,
  totalSteps: number,
  colours: Colours,
  onHover: (index: number | null) => void,
): uPlot.Options => {
  const axis = {
    stroke: colours.muted,
    grid: { stroke: colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1 },
    font: '12px system-ui, sans-serif',
  }
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false, range: [0, totalSteps] },
      y: { range: { min: { pad: 0.1, soft: 0, mode: 1 }, max: { pad: 0.1 } } },
    },
    axes: [
      {
        ...axis,
        label: 'step',
        labelSize: 18,
        labelFont: axis.font,
        size: 32,
        values: (_plot, ticks) => ticks.map(formatCount),
      },
      { ...axis, label: 'loss', labelSize: 18, labelFont: axis.font, size: 44 },
    ],
    series: [
      {},
      { stroke: colours.strong, width: 1, points: { show: false } },
      { stroke: colours.accent, width: 2.5, points: { show: false } },
    ],
    hooks: { setCursor: [(plot) => onHover(plot.cursor.idx ?? null)] },
  }
}

import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatCount, formatLoss } from '../format/formatNumber.ts'
import type { LossPoint } from '../live/OrderFeedStore.ts'
import { type Colours, useColours } from '../live/useColours.ts'
import { centredMean, lossSummary, spansDecades } from './lossSummary.ts'

const HEIGHT_PX = 256
const MEAN_REACH = 10
/** Fewer points than this are a clear line by themselves. */
const DENSE_POINTS = 200

type Props = { readonly points: readonly LossPoint[]; readonly totalSteps: number }

/** The curve. Its image role and sentence are what a screen reader gets; the table has the numbers. */
const LossChart = ({ points, totalSteps }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const [hovered, setHovered] = useState<number | null>(null)
  const isDense = points.length >= DENSE_POINTS
  const isLog = spansDecades(points)
  usePlot(box, points, { totalSteps, isDense, isLog, onHover: setHovered })
  const at = hovered === null ? undefined : points[hovered]
  return (
    <div>
      <div ref={box} role="img" aria-label={lossSummary(points)} className="min-w-0 overflow-hidden" />
      <p className="mt-1 flex min-h-6 flex-wrap gap-x-5 gap-y-1 text-sm text-muted" aria-hidden="true">
        {isDense && (
          <>
            <Key className="text-line-strong" width={1}>
              each reported step
            </Key>
            <Key className="text-accent" width={3}>
              mean of {2 * MEAN_REACH + 1} of them
            </Key>
          </>
        )}
        {isLog && <span>logarithmic scale</span>}
        <span className="ml-auto">{at && `step ${formatCount(at.step)}: loss ${formatLoss(at.loss)}`}</span>
      </p>
    </div>
  )
}
export default LossChart

type PlotFacts = {
  readonly totalSteps: number
  readonly isDense: boolean
  readonly isLog: boolean
  readonly onHover: (index: number | null) => void
}

/** Keeps a plot in the box: made anew when its axes or colours change, fed when points come. */
const usePlot = (
  box: RefObject<HTMLDivElement | null>,
  points: readonly LossPoint[],
  { totalSteps, isDense, isLog, onHover }: PlotFacts,
): void => {
  const plot = useRef<uPlot | undefined>(undefined)
  const colours = useColours()
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const options = optionsFor(element.clientWidth, { totalSteps, isDense, isLog, onHover }, colours)
    const made = new uPlot(options, [[], [], []], element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [box, totalSteps, isDense, isLog, onHover, colours])

  // biome-ignore lint/correctness/useExhaustiveDependencies: other axes or colours mean a new, empty plot
  useEffect(() => {
    const steps = points.map((point) => point.step)
    const losses = points.map((point) => point.loss)
    plot.current?.setData([steps, losses, isDense ? centredMean(points, MEAN_REACH) : losses])
  }, [points, totalSteps, isDense, isLog, colours])
}

const Key = ({ className, width, children }: { className: string; width: number; children: ReactNode }) => (
  <span className="inline-flex items-center gap-2">
    <svg viewBox="0 0 20 4" className={`h-1 w-5 ${className}`} aria-hidden="true">
      <path d="M0 2h20" stroke="currentColor" strokeWidth={width} />
    </svg>
    {children}
  </span>
)

const LINEAR: uPlot.Scale = { range: { min: { pad: 0.1, soft: 0, mode: 1 }, max: { pad: 0.1 } } }
const LOGARITHMIC: uPlot.Scale = { distr: 3 }

const formatLosses = (_plot: uPlot, ticks: (number | null)[]) =>
  ticks.map((tick) => (tick === null ? '' : tick.toLocaleString('en', { maximumSignificantDigits: 2 })))

const isDecade = (tick: number): boolean => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6)

/** Lines at powers of ten: those between would be a thicket. */
const decadesOnly = (line: { stroke: string; width: number }) => {
  const filter = (_plot: uPlot, ticks: number[]) => ticks.map((tick) => (isDecade(tick) ? tick : null))
  return { filter, grid: { ...line, filter }, ticks: { ...line, filter } }
}

const optionsFor = (width: number, facts: PlotFacts, colours: Colours): uPlot.Options => {
  const font = '12px system-ui, sans-serif'
  const line = { stroke: colours.line, width: 1 }
  const axis = { stroke: colours.muted, grid: line, ticks: line, font, labelFont: font, labelSize: 18 }
  const formatTicks = (_plot: uPlot, ticks: (number | null)[]) =>
    ticks.map((tick) => (tick === null ? '' : formatCount(tick)))
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: false, range: [0, facts.totalSteps] }, y: facts.isLog ? LOGARITHMIC : LINEAR },
    axes: [
      { ...axis, label: 'step', size: 32, values: formatTicks },
      { ...axis, label: 'loss', size: 56, values: formatLosses, ...(facts.isLog ? decadesOnly(line) : {}) },
    ],
    series: [
      {},
      { stroke: colours.strong, width: facts.isDense ? 1 : 0, points: { show: false } },
      { stroke: colours.accent, width: 2.5, points: { show: false } },
    ],
    hooks: { setCursor: [(plot) => facts.onHover(plot.cursor.idx ?? null)] },
  }
}

import { type Html, html } from './html.ts'
import { axes, HEIGHT, innerHeight, innerWidth, LEFT, scaleOf, TOP, WIDTH } from './plot.ts'
import { shortNumber } from './ticks.ts'

/** One bar; null: nothing is known there. */
export type Bar = { label: string; value: number | null; tone: 'plain' | 'drawn' | 'bad' }

/** Bars in their order, each with its words. */
export function barChart(args: {
  id: string
  title: string
  unit: string
  xLabel: string
  bars: readonly Bar[]
}): Html {
  const { id, title, unit, xLabel, bars } = args
  const values = bars.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]))
  if (values.length === 0) return html`<p>${title}: nothing is known.</p>`
  const high = Math.max(...values) || 1
  const x = scaleOf([0, bars.length], [LEFT, LEFT + innerWidth])
  const y = scaleOf([0, high], [TOP + innerHeight, TOP])
  const gap = Math.min(3, (innerWidth / bars.length) * 0.2)
  const width = (innerWidth / bars.length - gap).toFixed(2)
  const words = `${values.length} values from ${shortNumber(Math.min(...values))} to ${shortNumber(high)}.`
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${words}</desc>
${axes({ x: [0, bars.length], y: [0, high], xLabel, yLabel: unit })}
${bars.map(({ label, value, tone }, i) => {
  const left = (x(i) + gap / 2).toFixed(2)
  if (value === null || !Number.isFinite(value))
    return html`<rect class="bar unknown" x="${left}" y="${TOP}" width="${width}" height="${innerHeight}"><title>${label}: not known</title></rect>`
  const top = Math.min(y(value), TOP + innerHeight - 1)
  return html`<rect class="bar ${tone}" x="${left}" y="${top.toFixed(1)}" width="${width}" height="${(TOP + innerHeight - top).toFixed(1)}"><title>${label}: ${shortNumber(value)}</title></rect>`
})}</svg>`
}

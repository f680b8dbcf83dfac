import { type Html, html } from './html.ts'
import { axes, HEIGHT, innerHeight, innerWidth, LEFT, scaleOf, TOP, WIDTH } from './plot.ts'
import { shortNumber } from './ticks.ts'

const BUCKETS = 240

type Bucket = { at: number; low: number; mean: number; high: number }

/**
 * A curve over steps: the mean of neighbouring steps as a line, their range as a band behind it.
 * @param values of steps 1, 2, ...; what is not finite is left out
 */
export function lineChart(args: {
  id: string
  title: string
  unit: string
  values: readonly number[]
  /** steps at which a line is drawn from top to bottom */
  marks: readonly number[]
}): Html {
  const { id, title, unit, values, marks } = args
  const buckets = bucketsOf(values)
  if (buckets.length === 0) return html`<p>${title}: no finite value.</p>`
  const high = Math.max(...buckets.map((bucket) => bucket.high))
  const x = scaleOf([1, Math.max(values.length, 2)], [LEFT, LEFT + innerWidth])
  const y = scaleOf([0, high || 1], [TOP + innerHeight, TOP])
  const point = (at: number, value: number) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`
  const line = buckets.map(({ at, mean }) => point(at, mean)).join(' ')
  const band = [
    ...buckets.map(({ at, high: value }) => point(at, value)),
    ...buckets.toReversed().map(({ at, low }) => point(at, low)),
  ].join(' ')
  const [first, last] = [buckets[0]!.mean, buckets.at(-1)!.mean]
  const words = `${title} over ${values.length} steps: from ${shortNumber(first)} to ${shortNumber(last)}, at most ${shortNumber(high)}.`
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${words}</desc>
${axes({ x: [1, values.length], y: [0, high || 1], xLabel: 'step', yLabel: unit })}
${marks.map((at) => html`<line class="mark" x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${TOP}" y2="${TOP + innerHeight}"/>`)}
<polygon class="band" points="${band}"/><polyline class="line" points="${line}"/></svg>`
}

function bucketsOf(values: readonly number[]): Bucket[] {
  const size = Math.max(1, Math.ceil(values.length / BUCKETS))
  const buckets: Bucket[] = []
  for (let first = 0; first < values.length; first += size) {
    const own = values.slice(first, first + size).filter(Number.isFinite)
    if (own.length === 0) continue
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length
    buckets.push({ at: first + (size + 1) / 2, low: Math.min(...own), mean, high: Math.max(...own) })
  }
  return buckets
}

import { type Html, html } from './html.ts'
import { innerWidth, LEFT, scaleOf, WIDTH } from './plot.ts'
import { ticks } from './ticks.ts'

const ROW = 22
const TOP = 8
const MAX_ROWS = 60

/** From its beacon to its commitment, in the chart's unit. */
export type WindowSpan = { window: number; from: number; to: number }

/**
 * For each window the time from its beacon, before which nobody could train it, to its commitment.
 * @param unit block, or second (of the order)
 */
export function timelineChart(windows: readonly WindowSpan[], unit: 'block' | 'second'): Html {
  const shown = windows.slice(0, MAX_ROWS)
  const ends = shown.flatMap(({ from, to }) => [from, to])
  const [first, last] = [Math.min(...ends), Math.max(...ends)]
  const x = scaleOf([first, Math.max(last, first + 1)], [LEFT, LEFT + innerWidth])
  const bottom = TOP + ROW * shown.length
  const height = bottom + 40
  const words = `${windows.length} windows between ${unit}s ${first} and ${last}; each bar begins at the window's beacon and ends at its commitment.`
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="timeline-t timeline-d">
<title id="timeline-t">Windows by ${unit}</title><desc id="timeline-d">${words}</desc>
<g aria-hidden="true">${ticks(first, last, 8)
    .filter(Number.isInteger)
    .map(
      (
        tick,
      ) => html`<line class="grid" x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${TOP}" y2="${bottom}"/>
<text class="tick" x="${x(tick).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${tick.toLocaleString('en-US')}</text>`,
    )}<text class="label" x="${LEFT + innerWidth}" y="${height - 4}" text-anchor="end">${unit}</text></g>
${shown.map(({ window, from, to }, i) => {
  const [left, right] = [x(from), x(to)].sort((a, b) => a - b) as [number, number]
  const y = TOP + i * ROW
  return html`<text class="tick" x="${LEFT - 8}" y="${y + 15}" text-anchor="end">${window}</text>
<rect class="bar plain" x="${left.toFixed(1)}" y="${y + 4}" width="${Math.max(right - left, 2).toFixed(1)}" height="${ROW - 8}" rx="3"><title>window ${window}: beacon at ${unit} ${from}, committed at ${unit} ${to}</title></rect>
<circle class="dot" cx="${right.toFixed(1)}" cy="${y + ROW / 2}" r="4"/>`
})}</svg>`
}

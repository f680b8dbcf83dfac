import { type Html, html } from './html.ts'
import { shortNumber, ticks } from './ticks.ts'

/** Size of a plot in its own units, and the room around it for labels. */
export const WIDTH = 720
export const HEIGHT = 256
export const LEFT = 64
export const TOP = 30
const RIGHT = 14
const BOTTOM = 40
export const innerWidth = WIDTH - LEFT - RIGHT
export const innerHeight = HEIGHT - TOP - BOTTOM

/** Maps [from] to [to] linearly; a point that is not finite goes to the beginning. */
export function scaleOf(from: readonly [number, number], to: readonly [number, number]) {
  const span = from[1] - from[0] || 1
  return (value: number): number => {
    const share = (value - from[0]) / span
    return to[0] + (Number.isFinite(share) ? share : 0) * (to[1] - to[0])
  }
}

/** Lines and labels of both axes. */
export function axes(args: {
  x: readonly [number, number]
  y: readonly [number, number]
  xLabel: string
  yLabel: string
}): Html {
  const x = scaleOf(args.x, [LEFT, LEFT + innerWidth])
  const y = scaleOf(args.y, [TOP + innerHeight, TOP])
  const bottom = TOP + innerHeight
  const rows = ticks(args.y[0], args.y[1], 5).map(
    (
      value,
    ) => html`<line class="grid" x1="${LEFT}" x2="${LEFT + innerWidth}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>
<text class="tick" x="${LEFT - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${shortNumber(value)}</text>`,
  )
  const columns = ticks(args.x[0], args.x[1], 8)
    .filter((value) => Number.isInteger(value))
    .map(
      (value) =>
        html`<text class="tick" x="${x(value).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${value.toLocaleString('en-US')}</text>`,
    )
  return html`<g aria-hidden="true">${rows}${columns}<line class="axis" x1="${LEFT}" x2="${LEFT + innerWidth}" y1="${bottom}" y2="${bottom}"/>
<text class="label" x="${LEFT + innerWidth}" y="${HEIGHT - 4}" text-anchor="end">${args.xLabel}</text>
<text class="label" x="4" y="14">${args.yLabel}</text></g>`
}

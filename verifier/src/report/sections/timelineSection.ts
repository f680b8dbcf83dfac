import { timeOfRound } from '../../beacon/drand/network.ts'
import type { OrderRecord } from '../../bundle/orderRecord.ts'
import type { Coverage } from '../../bundle/paths.ts'
import { type Html, html } from '../html.ts'
import { timelineChart, type WindowSpan } from '../timelineChart.ts'

const MAX_ROWS = 300

/** Windows by block, or by second where drand seeded them: their beacons, before which they could not be trained, and their commitments. */
export function timelineSection(order: OrderRecord, { bounds }: Coverage): Html {
  const { drand } = order
  const unit = drand ? 'second' : 'block'
  const rows = order.windows.slice(0, MAX_ROWS).map((window, i) => {
    const [first, end] = [bounds[i]!, bounds[i + 1]!]
    const drawn = order.drawn.filter((segment) => segment >= first && segment < end).sort((a, b) => a - b)
    return html`<tr><th scope="row">${i}</th><td>${first} to ${end - 1}</td><td class="number">${window.beaconBlock}</td>
<td class="number">${window.blockNumber}</td><td>${drawn.length === 0 ? '–' : drawn.join(', ')}</td><td><code>${window.evidence}</code></td></tr>`
  })
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
<figure><div class="scroll" tabindex="0">${timelineChart(order.windows.map(spanIn(order)), unit)}</div><figcaption>One row for each window, from the ${unit} of its beacon to the ${unit} of its commitment (the dot).${drand ? ' Seconds count from the order’s placing; beacons are rounds of drand.' : null}${order.windows.length > 60 ? ' The first 60 are shown.' : null}</figcaption></figure>
<details><summary>Windows as a table</summary><div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Window</th><th scope="col">Segments</th><th scope="col" class="number">Beacon’s ${drand ? 'round' : 'block'}</th><th scope="col" class="number">Committed in</th><th scope="col">Drawn for audit</th><th scope="col">Evidence</th></tr></thead>
<tbody>${rows}</tbody></table></div></details></section>`
}

function spanIn({ drand }: OrderRecord) {
  return (window: OrderRecord['windows'][number], index: number): WindowSpan => {
    const { beaconBlock, blockNumber, committedAt } = window
    if (!drand || committedAt === undefined) return { window: index, from: beaconBlock, to: blockNumber }
    const { placedAt } = drand
    return {
      window: index,
      from: timeOfRound(drand, beaconBlock) / 1000 - placedAt,
      to: committedAt - placedAt,
    }
  }
}

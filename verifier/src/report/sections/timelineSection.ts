import type { OrderRecord } from '../../bundle/orderRecord.ts'
import type { Coverage } from '../../bundle/paths.ts'
import { type Html, html } from '../html.ts'
import { timelineChart } from '../timelineChart.ts'

const MAX_ROWS = 300

/** Windows by block: their beacons, before which they could not be trained, and their commitments. */
export function timelineSection(order: OrderRecord, { bounds }: Coverage): Html {
  const spans = order.windows.map(({ beaconBlock, blockNumber }, window) => ({
    window,
    beaconBlock,
    blockNumber,
  }))
  const rows = order.windows.slice(0, MAX_ROWS).map((window, i) => {
    const [first, end] = [bounds[i]!, bounds[i + 1]!]
    const drawn = order.drawn.filter((segment) => segment >= first && segment < end).sort((a, b) => a - b)
    return html`<tr><th scope="row">${i}</th><td>${first} to ${end - 1}</td><td class="number">${window.beaconBlock}</td>
<td class="number">${window.blockNumber}</td><td>${drawn.length === 0 ? '–' : drawn.join(', ')}</td><td><code>${window.evidence}</code></td></tr>`
  })
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
<figure><div class="scroll" tabindex="0">${timelineChart(spans)}</div><figcaption>One row for each window, from the block of its beacon to the block of its commitment (the dot).${order.windows.length > 60 ? ' The first 60 are shown.' : null}</figcaption></figure>
<details><summary>Windows as a table</summary><div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Window</th><th scope="col">Segments</th><th scope="col" class="number">Beacon’s block</th><th scope="col" class="number">Committed in</th><th scope="col">Drawn for audit</th><th scope="col">Evidence</th></tr></thead>
<tbody>${rows}</tbody></table></div></details></section>`
}

import type { WindowDifference } from '../findDifferences.ts'
import { type Html, html } from '../html.ts'
import { shortNumber } from '../ticks.ts'

const MAX_WINDOWS = 20

/** Where a replay came to another state: how far away, tensor by tensor. */
export function differencesSection(found: readonly WindowDifference[]): Html {
  const more = found.length - MAX_WINDOWS
  return html`<section aria-labelledby="differences"><h2 id="differences">Differences</h2>
${found.length === 0 ? html`<p>No segment that could be replayed came to another state than claimed.</p>` : html`<p>Distance at the end of the window, where a bundle has the claimed state: <i>d</i> is ‖replayed − claimed‖ over ‖replayed − before‖, so 1 means as far off as the whole true update.</p>`}
${found.slice(0, MAX_WINDOWS).map(windowTable)}
${more > 0 ? html`<p>${more} more windows differ.</p>` : null}</section>`
}

function windowTable({ window, segment, difference }: WindowDifference): Html {
  const number = (value: number | null) => (value === null ? '–' : shortNumber(value))
  const heading = html`<h3>Window ${window}, from segment ${segment} on</h3>`
  if (!difference) return html`${heading}<p>How far off cannot be said: one of the states is not known.</p>`
  const { tensors, d } = difference
  return html`${heading}<div class="scroll" tabindex="0"><table><caption>Over all tensors d = ${number(d)}</caption>
<thead><tr><th scope="col">Tensor</th><th scope="col" class="number">Largest difference</th><th scope="col" class="number">d</th></tr></thead>
<tbody>${tensors.map(({ name, maxAbs, d: own }) => html`<tr><th scope="row"><code>${name}</code></th><td class="number">${number(maxAbs)}</td><td class="number">${number(own)}</td></tr>`)}</tbody></table></div>`
}

import type { Verdict } from '../../verdict.ts'
import { type Html, html } from '../html.ts'
import { HOLDS, STATUS_WORDS } from '../sentences.ts'

/** Each check in a sentence: what holds, or what was found. */
export function verdictSection({ checks }: Verdict): Html {
  return html`<section aria-labelledby="checks"><h2 id="checks">What was checked</h2><div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col">In words</th></tr></thead>
<tbody>${checks.map(
    ({ id, status, detail }) => html`<tr><th scope="row"><code>${id}</code></th>
<td><span class="badge ${status}">${STATUS_WORDS[status]}</span></td>
<td>${status === 'pass' ? HOLDS[id] : detail}</td></tr>`,
  )}</tbody></table></div></section>`
}

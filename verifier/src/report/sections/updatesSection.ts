import { barChart } from '../barChart.ts'
import { type Html, html } from '../html.ts'
import { shortNumber } from '../ticks.ts'
import type { UpdateNorm } from '../updateNorms.ts'

const MAX_BARS = 400

/** How far each segment moved the weights, and which segments were drawn or found wrong. */
export function updatesSection(
  norms: readonly UpdateNorm[],
  drawn: ReadonlySet<number>,
  bad: ReadonlySet<number>,
): Html {
  const inside = ({ first, end }: UpdateNorm, segments: ReadonlySet<number>) => {
    for (let segment = first; segment < end; segment++) if (segments.has(segment)) return true
    return false
  }
  const byWindow = norms.some(({ first, end }) => end - first > 1)
  const bars = norms.slice(0, MAX_BARS).map((norm) => ({
    label: byWindow ? `segments ${norm.first} to ${norm.end - 1}` : `segment ${norm.first}`,
    value: norm.norm,
    tone: inside(norm, bad)
      ? ('bad' as const)
      : inside(norm, drawn)
        ? ('drawn' as const)
        : ('plain' as const),
  }))
  const whose = byWindow ? 'as its seller claims it: nothing was run again here' : 'as it was replayed here'
  const title = byWindow ? 'Update norm of each window' : 'Update norm of each segment'
  return html`<section aria-labelledby="updates"><h2 id="updates">Updates</h2>
<figure><div class="scroll" tabindex="0">${barChart({ id: 'norms', title, unit: 'update norm', xLabel: byWindow ? 'window' : 'segment', bars })}</div><figcaption>Euclidean norm of the weights’ change, ${whose}.
<span class="key drawn"></span>drawn for audit <span class="key plain"></span>not drawn <span class="key bad"></span>differs from its replay <span class="key unknown"></span>not known
${norms.length > MAX_BARS ? `; the first ${MAX_BARS} of ${norms.length}` : null}</figcaption></figure>
<details><summary>Update norms as a table</summary><div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">${byWindow ? 'Segments' : 'Segment'}</th><th scope="col" class="number">Update norm</th><th scope="col">Drawn</th><th scope="col">Replay</th></tr></thead>
<tbody>${norms.slice(0, MAX_BARS).map((norm) => row(norm, byWindow, inside(norm, drawn), inside(norm, bad)))}</tbody></table></div></details></section>`
}

function row({ first, end, norm }: UpdateNorm, byWindow: boolean, isDrawn: boolean, isBad: boolean): Html {
  const replay = isBad ? 'differs' : byWindow || norm === null ? 'not done' : 'equal'
  return html`<tr><th scope="row">${byWindow ? `${first} to ${end - 1}` : first}</th>
<td class="number">${norm === null ? '–' : shortNumber(norm)}</td><td>${isDrawn ? 'yes' : 'no'}</td><td>${replay}</td></tr>`
}

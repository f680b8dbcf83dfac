import { rangesOf } from '../../screens/rangesOf.ts'
import { isFlagged, type ScreenResult } from '../../screens/screenRun.ts'
import { type Html, html } from '../html.ts'
import { SCREEN_WORDS } from '../sentences.ts'
import { shortNumber } from '../ticks.ts'

/** Looks at the whole run that need no replay; they say where to look first, and never what is so. */
export function screensSection(results: readonly ScreenResult[], allPass: boolean | null): Html {
  const rule =
    allPass === null
      ? 'Nothing was drawn, or nothing was run again: the all-pass rule has nothing to say.'
      : allPass
        ? 'The all-pass rule: a run counts only if every drawn segment passes. All of them do.'
        : 'The all-pass rule: a run counts only if every drawn segment passes. Not all of them do.'
  return html`<section aria-labelledby="screens"><h2 id="screens">Screens</h2>
<p>${rule}</p><p>Screens look at what is claimed without running it again. They decide nothing: a raised one says which segments to look at first, and honest runs raise one now and then (docs/screens.md).</p>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Screen</th><th scope="col">Result</th><th scope="col">What it looks at</th><th scope="col" class="number">Statistic</th><th scope="col" class="number">Threshold</th><th scope="col">Segments</th></tr></thead>
<tbody>${results.map(row)}</tbody></table></div></section>`
}

/** More than three digits where it is next to 1, as a cosine is. */
const digits = (value: number) =>
  value > 0.99 && value < 1 ? String(Number(value.toPrecision(6))) : shortNumber(value)

function row(result: ScreenResult): Html {
  const { screen, statistic, threshold, segments } = result
  const odd = isFlagged(result)
  const word = statistic === null ? 'Too little' : odd ? 'Look here' : 'Quiet'
  const tone = statistic === null ? 'not-compared' : odd ? 'raised' : 'quiet'
  const shown = statistic === Number.MAX_VALUE ? '∞' : statistic === null ? '–' : digits(statistic)
  return html`<tr><th scope="row"><code>${screen}</code></th><td><span class="badge ${tone}">${word}</span></td><td>${SCREEN_WORDS[screen]}</td>
<td class="number">${shown}</td><td class="number">${threshold}</td><td>${odd ? rangesOf(segments) : '–'}</td></tr>`
}

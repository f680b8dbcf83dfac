import { floatOf } from '../../canonical/math.ts'
import type { InnerStep } from '../../hash/innerRoot.ts'
import { type Html, html } from '../html.ts'
import { lineChart } from '../lineChart.ts'

/** Loss and gradient norm of every step, from the committed bits. */
export function trainingSection(steps: readonly InnerStep[], windowEnds: readonly number[]): Html {
  const [losses, norms] = [steps.map(([loss]) => floatOf(loss)), steps.map(([, norm]) => floatOf(norm))]
  const marks = windowEnds.slice(0, -1).slice(0, 200)
  return html`<section aria-labelledby="training"><h2 id="training">Training</h2>
<p>Of every step, as its seller committed it; the checks <code>inner</code> and <code>replay</code> say whether it is true. The line is a mean over neighbouring steps, the band their range; dotted lines are ends of windows.</p>
<figure><div class="scroll" tabindex="0">${lineChart({ id: 'loss', title: 'Loss', unit: 'loss', values: losses, marks })}</div><figcaption>Loss of each step’s batch</figcaption></figure>
<figure><div class="scroll" tabindex="0">${lineChart({ id: 'grad', title: 'Gradient norm', unit: 'gradient norm', values: norms, marks })}</div><figcaption>Euclidean norm of each step’s gradient</figcaption></figure></section>`
}

import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { OrderRecord } from '../bundle/orderRecord.ts'
import type { Job } from '../job.ts'
import type { Verdict } from '../verdict.ts'
import { type Html, html } from './html.ts'
import { VERDICT_SENTENCES } from './sentences.ts'
import { STYLE } from './style.ts'

const CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** The whole page: nothing in it is loaded or run, whatever the bundle says. */
export function pageOf(args: {
  job: Job | null
  order: OrderRecord | null
  verdict: Verdict
  sections: readonly Html[]
}): string {
  const { job, order, verdict, sections } = args
  const of = order ? `order ${order.orderId}` : 'a bundle'
  const title = job ? `${job.name}, ${of}` : of
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${verdict.verdict}: ${title}</title><style>${STYLE}</style></head>
<body><main><p class="eyebrow">Trainyard verification report</p><h1>${title}</h1>
<div class="banner ${verdict.verdict}"><strong>${verdict.verdict[0]!.toUpperCase()}${verdict.verdict.slice(1)}</strong><p>${VERDICT_SENTENCES[verdict.verdict]}</p></div>
${figures(verdict, order, job)}${sections}
<footer><p>Made by <code>trainyard-verify report</code>. Figures come from the bundle, whose maker may lie in all that no check covers; what the verifier does not prove is in its README.</p></footer>
</main></body></html>
`.text
}

function figures({ segments, steps, accuracy }: Verdict, order: OrderRecord | null, job: Job | null): Html {
  const ended = order && (closeReasonName(order.closeReason) ?? String(order.closeReason))
  const tiles: [string, string | null][] = [
    ['Segments', segments === null ? null : segments.toLocaleString('en-US')],
    ['Steps', steps === null ? null : steps.toLocaleString('en-US')],
    ['Held-out accuracy', accuracy === null ? null : `${(100 * accuracy).toFixed(2)} %`],
    ['Drawn for audit', order && String(order.drawn.length)],
    ['Order', order && `${order.status} (${ended?.toLowerCase().replaceAll('_', ' ')})`],
  ]
  const long: [string, string | null][] = [
    ['Seller', order?.seller ?? null],
    ['Buyer', order?.buyer ?? null],
    ['Runtime', order && `${order.contracts.runtime} on chain ${order.chainId}`],
    ['Job', order?.jobHash ?? null],
    [
      'Trained by',
      job && (job.version === 1 ? `canonical trainer ${job.environment.trainerHash}` : job.environment.image),
    ],
    ['Command', job?.version === 2 && job.command ? JSON.stringify(job.command) : null],
    ['Result', order && (order.resultCid === '' ? 'none' : order.resultCid)],
  ]
  const tile = ([name, value]: [string, string | null]) =>
    value === null ? null : html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  const row = ([name, value]: [string, string | null]) =>
    value === null ? null : html`<div><dt>${name}</dt><dd class="mono">${value}</dd></div>`
  return html`<dl class="tiles">${tiles.map(tile)}</dl><dl class="rows">${long.map(row)}</dl>`
}

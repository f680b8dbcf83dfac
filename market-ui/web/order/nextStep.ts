import type { Order } from '../../server/api/schemas.ts'
import { whatIsDisputed, whatIsNext } from '../dispute/disputeWords.ts'
import { formatPlural } from '../format/formatNumber.ts'
import { formatClock, formatSeconds } from '../format/formatTime.ts'

const endings: Readonly<Record<string, string>> = {
  BUYER_CANCELLED: 'The buyer cancelled it.',
  JOB_NOT_DETERMINISTIC:
    'The job gave two different results on the same machine, so it cannot be proved. Nobody was slashed.',
  JOB_STALLED: 'The job stopped making progress. Nobody was slashed.',
  JOB_INVALID: 'The job could not be run as it is written. Nobody was slashed.',
  WORK_COMPLETED: 'All steps were done and the audit passed.',
  SELLER_DID_NOT_START: "The seller did not start in time and paid five minutes' price to the payer.",
  SELLER_GAVE_UP: 'The seller gave up.',
  MACHINE_SILENT: 'The machine gave no sign of life for five minutes.',
  SELLER_OVERRAN: 'The paid time ran out before all steps were done.',
  FRAUD_PROVED: 'The work was proved not to be what the seller said: no pay, and its stake was slashed.',
  FAULT_PROVED:
    'A segment was proved to be wrong and all others that were drawn hold, or the job goes on where the seller said that it stalls: paid up to the window before it, and a small part of the stake was slashed.',
  MISMATCH:
    'A replay came to another state, or outside the tolerance, where the seller does not answer for equal bits: paid up to the window before it, nobody was slashed.',
  MISMATCHES:
    'Replays of several segments came to another state, or outside the tolerance, or what is served contradicts itself, where the seller does not answer for equal bits: nothing is paid, nobody was slashed.',
  JURY_DIFFERED:
    'Jurors who replayed it came to different states: the job is not deterministic. What was committed is paid, nobody was slashed.',
  CHECKPOINTS_UNAVAILABLE:
    'A jury found that the seller does not serve what a replay needs: no pay, and its stake was slashed.',
  AUDITORS_SILENT:
    'Neither proved nor disproved: in time, the drawn auditors did not pass all of it, or no jury agreed.',
}

/** What happens next with an order, or how it ended, in a sentence or two. */
export const nextStep = (order: Order, nowSeconds: number): string => {
  const limit = order.phaseDeadlineAt === null ? undefined : deadline(order.phaseDeadlineAt, nowSeconds)
  switch (order.status) {
    case 'Preparing':
      return `The machine fetches the data and checks the job. ${startBy(limit)}`
    case 'Training':
      if (order.mode === 'None')
        return `The program runs; nothing of it is proved. You pay by time, and may stop it whenever you like. ${rentedUntil(limit)}`
      if (order.twin)
        return `The machine trains beside that of order #${order.twin.orderId}, and seals its work after every ${windowSteps(order)} steps until the other one is bound to its own. ${endBy(limit)}`
      return `The machine trains and commits a hash of its work after every ${windowSteps(order)} steps. ${endBy(limit)}`
    case 'Auditing':
      return auditing(order, limit)
    case 'Disputed':
      return disputed(order, nowSeconds)
    default:
      if (order.audit.byAgreement && order.closeReason === 'WORK_COMPLETED')
        return 'All steps were done, and both sellers came to the same.'
      if (order.mode === 'None' && order.closeReason === 'WORK_COMPLETED')
        return 'The program ended, or the paid time did. It was paid by time; nothing of it is proved.'
      return endings[order.closeReason ?? ''] ?? 'It is settled.'
  }
}

const disputed = ({ disputes }: Order, nowSeconds: number): string => {
  const open = disputes.filter(({ stage }) => stage !== 'Closed')
  const [first] = open
  if (first === undefined) return 'It is disputed; nothing is paid until that is decided.'
  if (open.length > 1)
    return `${formatPlural(open.length, 'dispute')} about it are open; nothing is paid until all are decided.`
  return `${whatIsDisputed(first)} Nothing is paid until that is decided. ${whatIsNext(first, nowSeconds)}`
}

type Deadline = { readonly isPast: boolean; readonly text: string }

const deadline = (atSeconds: number, nowSeconds: number): Deadline => {
  const left = atSeconds - nowSeconds
  return {
    isPast: left <= 0,
    text: `${formatClock(atSeconds)}${left > 0 ? `, in ${formatSeconds(left)}` : ''}`,
  }
}

const windowSteps = (order: Order): string =>
  (order.stepsPerSegment * order.segmentsPerWindow).toLocaleString('en')

const startBy = (limit: Deadline | undefined): string => {
  if (limit === undefined) return ''
  if (limit.isPast)
    return 'It should have started by now: anyone may expire the order, and everything is refunded.'
  return `It must start by ${limit.text}, or everything is refunded.`
}

const rentedUntil = (limit: Deadline | undefined): string =>
  limit === undefined
    ? ''
    : limit.isPast
      ? 'The paid time is over: anyone may end it.'
      : `The paid time ends at ${limit.text}.`

const endBy = (limit: Deadline | undefined): string => {
  if (limit === undefined) return ''
  if (limit.isPast)
    return 'The paid time is over: anyone may end the order, and what was committed is audited.'
  return `The paid time ends at ${limit.text}.`
}

/** What became of the first panel. */
const redrawn = ({ round, evicted, panel }: Order['audit']): string => {
  if (round === 0) return ''
  const silent =
    evicted === 0
      ? 'The first panel left it undecided'
      : `${formatPlural(evicted, 'auditor')} of the first panel ${evicted === 1 ? 'was' : 'were'} silent and lost ${evicted === 1 ? 'its seat' : 'their seats'}`
  return panel.length === 0
    ? `${silent}; a larger panel is drawn. `
    : `${silent}; a second panel of ${panel.length} was drawn. `
}

const auditing = (order: Order, limit: Deadline | undefined): string =>
  `${redrawn(order.audit)}${auditStep(order, limit)}`

const auditStep = (order: Order, limit: Deadline | undefined): string => {
  const { audit } = order
  const until = limit === undefined || limit.isPast ? undefined : limit.text
  const by = until === undefined ? '' : ` They have until ${until}.`
  if (audit.byAgreement && until !== undefined)
    return `Both sellers came to the same, so nobody else looks whether the model can be had. Download the result before ${until}: till then you can challenge the last segment if it is not served. Then the money moves.`
  if (audit.byAgreement)
    return 'Both sellers came to the same, and the time to challenge it is over. The money moves with the next settlement, which anyone may call.'
  if (audit.outcome === 'Pending' && order.twin && isWaiting(order))
    return `Training is over here. It is paid or audited once order #${order.twin.orderId} has ended, too.`
  if (audit.outcome === 'Pass')
    return 'Every drawn segment passed. The money moves with the next settlement, which anyone may call.'
  if (audit.outcome === 'Undecided')
    return 'The first panel left it undecided. The next settlement, which anyone may call, has one about twice as large drawn.'
  if (audit.outcome !== 'Pending')
    return 'The audit has an outcome. The money moves with the next settlement, which anyone may call.'
  const doubted = audit.drawn.filter(({ fails, unavailables }) => fails + unavailables > 0).length
  if (doubted > 0)
    return `Auditors did not pass ${formatPlural(doubted, 'drawn segment')}. That convicts nobody by itself: whoever found a fault may challenge it under bond${until === undefined ? '' : ` until ${until}`}, and a jury decides.`
  if (!audit.ready && audit.round > 0) return 'Its auditors are drawn with the next block, or drand round.'
  if (!audit.ready)
    return 'Training is over. Segments and auditors are drawn with the next block, or drand round.'
  if (audit.committed < audit.panel.length)
    return `${formatPlural(audit.panel.length, 'auditor')} ${audit.panel.length === 1 ? 're-runs' : 're-run'} ${formatPlural(audit.drawn.length, 'drawn segment')}; verdicts committed: ${audit.committed}.${by}`
  return `All verdicts are committed; ${audit.revealed} of ${audit.panel.length} auditors have revealed theirs.${by}`
}

/** The other one of the pair still runs, or what both came to is still being opened. */
const isWaiting = ({ twin, audit }: Order): boolean =>
  twin !== null &&
  (['Preparing', 'Training'].includes(twin.status) || (audit.deadlineAt === 0 && !audit.ready))

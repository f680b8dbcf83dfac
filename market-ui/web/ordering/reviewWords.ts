import { type AnyJob, isRental } from '@trainyard/verifier/rental.ts'
import { UNAUDITED_SHARE_BPS } from '@trainyard/verifier/termsOfJob.ts'
import type { Machine } from '../../server/api/machineSchemas.ts'
import type { Chain } from '../../server/api/schemas.ts'
import { formatCount, formatPercent, formatPlural } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { formatWei } from '../format/formatWei.ts'
import { worstCaseDetection } from '../order/worstCaseDetection.ts'
import { windowsOf } from './checkJob.ts'
import type { CheckedTerms } from './checkTerms.ts'

export type ReviewFacts = {
  readonly job: AnyJob
  readonly machine: Machine
  readonly terms: Pick<CheckedTerms, 'maxSeconds' | 'stepMicros'>
  readonly chain: Chain
  /** The seller answers with its stake for the environment. */
  readonly vouched: boolean
}

const CANCEL_SECONDS = 300
const FAKED_SHARE = 0.3

const secondsOf = ({ chain }: ReviewFacts, name: string): number => Number(chain.parameters[name] ?? 0)

/** What is paid, kept and given back, by what may happen. */
export const refundRules = ({ job, machine, terms, vouched }: ReviewFacts): string[] => {
  const perHour = BigInt(machine.offer?.pricePerHourWei ?? 0)
  const fiveMinutes = formatWei(String((perHour * BigInt(CANCEL_SECONDS)) / 3600n))
  if (isRental(job)) return rentalRules(fiveMinutes)
  const cap = formatSeconds((job.steps * terms.stepMicros) / 1e6)
  return [
    `You pay for the time that training takes, and never for more than the proved steps at the agreed step time (${cap} if all are proved). The rest of the escrow comes back when the order is settled.`,
    job.proof.mode === 'tolerance'
      ? 'If a jury finds a segment outside the tolerance, what came before its window is paid, the rest comes back, and nobody is slashed. If the seller does not show its work, everything comes back.'
      : !vouched
        ? 'If a jury comes to another state than the seller had committed, what came before that window is paid, the rest comes back, and nobody is slashed. If the seller does not show its work, everything comes back.'
        : 'If the audit proves fraud, or the seller does not show its work, nothing is paid: everything comes back, the audit fee from the seller’s stake.',
    `If you stop while the machine prepares, the seller gets five minutes' price (${fiveMinutes} DEV, at most the escrow). If you stop later, you pay for what was proved until then.`,
    'If the seller does not start in time, everything comes back, and the seller pays you five minutes’ price.',
    `If the auditors stay silent, ${UNAUDITED_SHARE_BPS / 100} % of what was earned is paid.`,
    job.proof.mode === 'refereed'
      ? 'All this holds for each of the two orders. Where both sellers come to the same, both audit fees come back; where not, they pay each auditor for what it re-runs.'
      : 'The audit fee pays each auditor for what it re-runs, at this price. It is used up when they do their work, whatever they find; if they prove fraud it comes back from the stake.',
  ]
}

const rentalRules = (fiveMinutes: string): string[] => [
  'You pay for the time that the machine is up, whatever it does meanwhile. The rest of the escrow comes back with the call that ends the order.',
  'You can stop at any time after the start: nothing more is paid from then on. The program has a few seconds to leave its result.',
  'If the machine gives no sign of life for five minutes, anyone may end the order; those five minutes are the last that are paid.',
  `If you stop while the machine prepares, the seller gets five minutes' price (${fiveMinutes} DEV, at most the escrow). If the seller does not start in time, everything comes back, and the seller pays you as much.`,
]

/** By when whom must have done what. */
export const deadlines = (facts: ReviewFacts): string[] => {
  const verdictSeconds = secondsOf(facts, 'commitSeconds') + secondsOf(facts, 'revealSeconds')
  return [
    `The seller must start within ${formatSeconds(secondsOf(facts, 'confirmSeconds'))}; after that anyone may expire the order.`,
    `${isRental(facts.job) ? 'The machine' : 'Training'} is paid for at most ${formatSeconds(facts.terms.maxSeconds)}; after that anyone may end the order.`,
    ...(isRental(facts.job)
      ? []
      : [
          `Auditors have ${formatSeconds(verdictSeconds)} after training to give their verdicts; then anyone may settle.`,
        ]),
  ]
}

/** What the audit will say and what it will not. */
export const proofPlan = ({ job, chain }: ReviewFacts): string[] => {
  if (isRental(job))
    return [
      'Nothing. Nobody re-runs the work, there are no auditors and no fee for them; heartbeats are the seller’s word.',
      'Look at the log while it runs, and stop when it is not what you pay for.',
    ]
  const segments = Math.ceil(job.steps / job.stepsPerSegment)
  const totalWindows = windowsOf(job)
  const windows = Array.from({ length: totalWindows }, (_, index) => ({
    index,
    segments: Math.min(job.segmentsPerWindow, segments - index * job.segmentsPerWindow),
  }))
  const faked = Math.ceil(segments * FAKED_SHARE)
  const chance = worstCaseDetection({ windows, totalWindows, draws: job.proof.draws }, faked)
  const audited = Math.min(segments, job.proof.draws + 2)
  const begins =
    'That training begins with the checkpoint that was proved: its hash is in the order, and every auditor compares with it.'
  const isAll = audited === segments
  const which = isAll ? 'every segment' : `${formatCount(audited)} of ${formatPlural(segments, 'segment')}`
  const isNear = job.proof.mode === 'tolerance'
  const rerun = `Up to ${formatPlural(Number(chain.parameters.panelSize ?? 0), 'auditor')}, drawn by lot, share out ${which}, a third of them to two, re-run them and compare ${isNear ? 'how far off it ends' : 'every bit'} with what the seller had committed.`
  const within =
    'A cheat smaller than the thresholds is not seen, and no auditor can be shown not to have replayed.'
  if (job.proof.mode === 'refereed') return refereedPlan(rerun)
  if (isAll)
    return [
      ...(job.resumeFrom ? [begins] : []),
      rerun,
      ...(isNear ? [within] : []),
      'Not proved: whether the model is any good. All of it rests on each segment’s auditors being honest.',
    ]
  return [
    ...(job.resumeFrom ? [begins] : []),
    rerun,
    `Had the seller faked ${formatPlural(faked, 'segment')} (${FAKED_SHARE * 100} %), spread so that they are hardest to hit, the draw would hit one with a chance of ${formatPercent(chance)}. More draws raise it.`,
    ...(isNear ? [within] : []),
    'Not proved: segments that are not drawn, and whether the model is any good. All of it rests on each segment’s auditors being honest.',
  ]
}

const refereedPlan = (rerun: string): string[] => [
  'Both sellers train all of it, on the same data in the same order. What either comes to stays sealed until the other one is bound to its own, so neither can copy.',
  'If every state of theirs is the same, that is the proof: nobody re-runs anything.',
  `If not, the first part on which they differ is settled by a jury, and each order is audited: ${rerun.replace(/^Up/, 'up')}`,
  'Not proved: that the two are not one person, who could pass anything, and whether the model is any good.',
]

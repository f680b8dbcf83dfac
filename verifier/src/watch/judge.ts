import { findings } from '@trainyard/contracts/findings.ts'
import type { DisputeFacts } from '@trainyard/contracts/readDispute.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import { innerBits, workOf } from '../replaySalt.ts'
import type { AuditedSegment } from './auditOrder.ts'
import type { Auditor } from './auditor.ts'
import { auditSegments, openAudit, type Tries } from './decide.ts'
import { lookAtNext, type NextWatch } from './lookAtNext.ts'
import { NotYet } from './NotYet.ts'
import { replayNext } from './replayNext.ts'
import { isUnserved } from './unserved.ts'

/** What a juror's replays come to (Types.sol, Ballot). */
export type Judgement = { readonly found: string; readonly othersHold: boolean; readonly work: string }

/**
 * What a juror finds of a disputed segment by auditing it: the state root after the disputed step of its own replay, or,
 * where the segment as a whole is disputed, that it is valid, or the root that its replay comes to instead. `unusable` where
 * there is nothing to replay because what is served contradicts itself, the job or the chain, or because the replay gives
 * the same states from other batches or bits than claimed; `unavailable` where it is not served, or was not to two thirds of a larger panel. Where the seller said that the
 * job stalls, the state that it comes to, or `stalled`. Within a tolerance it finds `outside` instead of a root. Where that is another state
 * than the seller's it audits the further segments too: all of them have to hold. Throws NotYet.
 */
export async function judge(
  auditor: Auditor,
  watch: NextWatch,
  dispute: DisputeFacts,
  tries: Tries,
): Promise<Judgement> {
  const { orderId, segment, further } = dispute
  const order = await readOrder(auditor.context, orderId)
  const isTolerance = order.terms.mode === 'Tolerance'
  if (await isUnserved(auditor, { orderId, order, segment })) return unserved(order)
  const audit = async (drawn: readonly number[]) =>
    (await auditSegments(auditor, { orderId, order, drawn, ...tries })).audited
  const { found, inner } =
    dispute.sellerRoot === findings.stalled
      ? await findNext(auditor, watch, { orderId, order, ...tries })
      : await findIn((await audit([segment]))[0]!, dispute, isTolerance)
  // Another state than the seller's: of what contradicts itself the others say nothing.
  const words = Object.values(findings).filter((word) => word !== findings.outside)
  const isState = ![...words, dispute.sellerRoot].includes(found)
  const others = isState && further.length > 0 ? await audit(further) : []
  return {
    found,
    othersHold: others.length > 0 && others.every(({ report }) => report.verdict === 'pass'),
    // Jurors of unlike hardware have no work in common.
    work: workOf(
      isTolerance ? [] : [inner, ...others.map(({ replayed }) => replayed?.inner ?? [])].map(innerBits),
    ),
  }
}

type Found = { readonly found: string; readonly inner: readonly InnerStep[] }

async function findIn(disputed: AuditedSegment, dispute: DisputeFacts, isTolerance: boolean): Promise<Found> {
  const found = isTolerance ? wordOf(disputed) : await findingOf(disputed, dispute)
  return { found, inner: disputed.replayed?.inner ?? [] }
}

/** As after a look in vain. */
function unserved({ terms }: OrderFacts): Judgement {
  const work = workOf(terms.mode === 'Tolerance' ? [] : [innerBits([])])
  return { found: findings.unavailable, othersHold: false, work }
}

/** Jurors of unlike hardware have no root in common: a word has to do. */
function wordOf({ report: { verdict, expected } }: AuditedSegment): string {
  const failed = expected === null ? findings.unusable : findings.outside
  return verdict === 'pass' ? findings.valid : verdict === 'unavailable' ? findings.unavailable : failed
}

/** Within a tolerance nobody comes to another's bits: that the job goes on at all has a word. */
async function findNext(
  auditor: Auditor,
  watch: NextWatch,
  args: { orderId: bigint; order: OrderFacts } & Tries,
): Promise<Found> {
  const { order, final, giveUpAtMs } = args
  const start = async () => replayNext(await openAudit(auditor, { ...args, final: true }))
  const next = await lookAtNext(watch, final ? Math.max(0, giveUpAtMs - Date.now()) : undefined, start)
  if (!next) throw new NotYet('whether the job stalls is not known')
  if (next.kind !== 'state') return { found: findings[next.kind], inner: [] }
  return { found: order.terms.mode === 'Tolerance' ? findings.outside : next.root, inner: next.inner }
}

async function findingOf({ report, replayed }: AuditedSegment, dispute: DisputeFacts): Promise<string> {
  const { segment, step } = dispute
  if (report.verdict === 'unavailable') return findings.unavailable
  if (step !== 0 && replayed) return replayed.rerun.rootAt(replayed.before, segment, step)
  if (report.verdict === 'pass') return findings.valid
  const { expected, claimed } = report
  return expected !== null && expected !== claimed ? expected : findings.unusable
}

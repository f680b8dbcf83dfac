import { findings } from '@trainyard/contracts/findings.ts'
import type { DisputeFacts } from '@trainyard/contracts/readDispute.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { innerBits, workOf } from '../replaySalt.ts'
import type { AuditedSegment } from './auditOrder.ts'
import type { Auditor } from './auditor.ts'
import { auditSegments, openAudit, type Tries } from './decide.ts'
import { lookAtNext, type NextWatch } from './lookAtNext.ts'
import { NotYet } from './NotYet.ts'
import { replayNext } from './replayNext.ts'

/** What a juror's replays come to (Types.sol, Ballot). */
export type Judgement = { readonly found: string; readonly othersHold: boolean; readonly work: string }

/**
 * What a juror finds of a disputed segment by auditing it: the state root after the disputed step of its own replay, or,
 * where the segment as a whole is disputed, that it is valid, or the root that its replay comes to instead. `unusable` where
 * there is nothing to replay because what is served contradicts itself, the job or the chain, or because the replay gives
 * the same states from other batches or bits than claimed; `unavailable` where it is not served. Where it
 * comes to another state it audits the further segments too: all of them have to hold. Where the seller said that the job stalls, the
 * state that it comes to, or `stalled`. Within a tolerance it finds `outside` instead of a root. Throws NotYet.
 */
export async function judge(
  auditor: Auditor,
  watch: NextWatch,
  dispute: DisputeFacts,
  tries: Tries,
): Promise<Judgement> {
  const { orderId, segment, further } = dispute
  const order = await readOrder(auditor.context, orderId)
  if (dispute.sellerRoot === findings.stalled) return judgeStall(auditor, watch, { orderId, order, ...tries })
  const audit = async (drawn: readonly number[]) =>
    (await auditSegments(auditor, { orderId, order, drawn, ...tries })).audited
  const [disputed] = await audit([segment])
  if (order.terms.mode === 'Tolerance') return wordOf(disputed!)
  const found = await findingOf(disputed!, dispute)
  // Another state than the seller's: of what contradicts itself the others say nothing.
  const isState = ![...Object.values(findings), dispute.sellerRoot].includes(found)
  const others = isState && further.length > 0 ? await audit(further) : []
  return {
    found,
    othersHold: others.length > 0 && others.every(({ report }) => report.verdict === 'pass'),
    work: workOf([disputed!, ...others].map(({ replayed }) => innerBits(replayed?.inner ?? []))),
  }
}

/** Jurors of unlike hardware have neither a root nor a work in common: a word has to do. */
function wordOf({ report: { verdict, expected } }: AuditedSegment): Judgement {
  const failed = expected === null ? findings.unusable : findings.outside
  const found =
    verdict === 'pass' ? findings.valid : verdict === 'unavailable' ? findings.unavailable : failed
  return { found, othersHold: false, work: workOf([]) }
}

/** Within a tolerance nobody comes to another's bits: that the job goes on at all has a word. */
async function judgeStall(
  auditor: Auditor,
  watch: NextWatch,
  args: { orderId: bigint; order: OrderFacts } & Tries,
): Promise<Judgement> {
  const { order, final, giveUpAtMs } = args
  const start = async () => replayNext(await openAudit(auditor, { ...args, final: true }))
  const next = await lookAtNext(watch, final ? Math.max(0, giveUpAtMs - Date.now()) : undefined, start)
  if (!next) throw new NotYet('whether the job stalls is not known')
  if (next.kind !== 'state') return { found: findings[next.kind], othersHold: false, work: workOf([]) }
  if (order.terms.mode === 'Tolerance') return { found: findings.outside, othersHold: true, work: workOf([]) }
  return { found: next.root, othersHold: true, work: workOf([innerBits(next.inner)]) }
}

async function findingOf({ report, replayed }: AuditedSegment, dispute: DisputeFacts): Promise<string> {
  const { segment, step } = dispute
  if (report.verdict === 'unavailable') return findings.unavailable
  if (step !== 0 && replayed) return replayed.rerun.rootAt(replayed.before, segment, step)
  if (report.verdict === 'pass') return findings.valid
  const { expected, claimed } = report
  return expected !== null && expected !== claimed ? expected : findings.unusable
}

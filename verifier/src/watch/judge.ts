import { findings } from '@trainyard/contracts/findings.ts'
import type { DisputeFacts } from '@trainyard/contracts/readDispute.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { ImageOutput } from '../image/replayFolder.ts'
import type { Auditor } from './auditor.ts'
import { auditSegments } from './decide.ts'

/**
 * What a juror finds of a disputed segment by auditing it: the state root after the disputed step of its own replay, or,
 * where the segment as a whole is disputed, that it is valid, or the root that its replay comes to instead. `fault` where
 * there is nothing to replay because what is served contradicts itself, the job or the chain, or because the replay gives
 * the same states from other batches or bits than claimed; `unavailable` where it is not served. Throws NotYet.
 */
export async function judge(
  auditor: Auditor,
  dispute: DisputeFacts,
  tries: { final: boolean; giveUpAtMs: number; runs: Map<string, Promise<ImageOutput>> },
): Promise<string> {
  const { orderId, segment, step } = dispute
  const order = await readOrder(auditor.context, orderId)
  const { audited } = await auditSegments(auditor, { orderId, order, drawn: [segment], ...tries })
  const { report, replayed } = audited[0]!
  if (report.verdict === 'unavailable') return findings.unavailable
  if (step !== 0 && replayed) return replayed.rerun.rootAt(replayed.before, segment, step)
  if (report.verdict === 'pass') return findings.valid
  const { expected, claimed } = report
  return expected !== null && expected !== claimed ? expected : findings.fault
}

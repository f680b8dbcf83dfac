import { randomBytes } from 'node:crypto'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { packVerdicts } from '@trainyard/contracts/verdictCommitment.ts'
import { addBytes } from '../content/addBytes.ts'
import { drawnCount } from '../drawnCount.ts'
import { signGrant } from '../grant.ts'
import { toHex } from '../hash/hex.ts'
import type { ImageOutput } from '../image/replayFolder.ts'
import { canonicalBytes } from '../json.ts'
import { innerBits, replaySalt } from '../replaySalt.ts'
import { type AuditFacts, readAuditFacts } from './auditFacts.ts'
import { type AuditArgs, type AuditedSegment, auditOrder } from './auditOrder.ts'
import type { Auditor } from './auditor.ts'
import { createStretchRunner, replaysIn } from './createStretchRunner.ts'
import { NotYet } from './NotYet.ts'
import { type Report, reportSchema } from './report.ts'

export type Tries = {
  readonly final: boolean
  readonly giveUpAtMs: number
  readonly runs: Map<string, Promise<ImageOutput>>
}

/**
 * Audits the drawn segments and writes verdicts, salt and report into the journal, before anything is sent.
 * Throws NotYet while something is missing that may still come.
 */
export async function decide(
  auditor: Auditor,
  args: { orderId: bigint; round: number; order: OrderFacts; drawn: readonly number[] } & Tries,
): Promise<void> {
  const { account, journal, emit } = auditor
  const { orderId, round, drawn } = args
  const { facts, audited } = await auditSegments(auditor, args)
  const expected = drawnCount(args.order.terms, facts.windows)
  if (drawn.length !== expected) throw new NotYet(`the node draws ${drawn.length} segments, not ${expected}`)
  const report = canonicalBytes(reportOf(orderId, account, audited))
  const { cid } = await addBytes(report)
  // What only a replay gives, where everything passed to the bit; else nobody may guess what failed.
  const isPass = audited.every((segment) => segment.report.verdict === 'pass')
  const isShown = isPass && args.order.terms.mode !== 'Tolerance'
  const bits = isShown ? audited.map(({ replayed }) => innerBits(replayed?.inner ?? [])) : []
  journal.save({
    orderId,
    round,
    segments: drawn,
    verdicts: packVerdicts(audited.map((segment) => segment.report.verdict)),
    salt: isShown ? replaySalt({ orderId, auditor: account, bits }) : toHex(randomBytes(32)),
    inner: bits,
    reportCid: cid,
    report,
  })
  for (const { report: segment, d } of audited) {
    emit({ event: 'audit', orderId: String(orderId), segment: segment.segment, verdict: segment.verdict, d })
  }
}

/** Audits these segments of an order in audit, with what its seller serves. Throws NotYet. */
export async function auditSegments(
  auditor: Auditor,
  args: { orderId: bigint; order: OrderFacts; drawn: readonly number[] } & Tries,
): Promise<{ facts: AuditFacts; audited: AuditedSegment[] }> {
  const audit = await openAudit(auditor, args)
  return { facts: audit.facts, audited: await auditOrder({ ...audit, drawn: args.drawn }) }
}

/** Reads what an audit takes from the chain, and how its seller is asked. Throws ChainUnreachable. */
export async function openAudit(
  auditor: Auditor,
  args: { orderId: bigint; order: OrderFacts } & Tries,
): Promise<AuditArgs> {
  const { context, signer, content } = auditor
  const { orderId, order, final, giveUpAtMs, runs } = args
  const { deployment } = context
  const facts = await readAuditFacts(context, orderId, order)
  const grant = await signGrant(signer, { ...deployment, audience: order.seller, orderId })
  const seller = { endpoint: facts.endpoint, orderId, grant }
  const { replayer, dataDir } = auditor.config
  const runStretch = createStretchRunner({ replayer, parent: replaysIn(dataDir), runs, giveUpAtMs })
  return { facts, seller, content, deployment, final, giveUpAtMs, runStretch }
}

function reportOf(orderId: bigint, account: string, audited: readonly AuditedSegment[]): Report {
  const segments = audited.map(({ report }) => report)
  return reportSchema.parse({ version: 1, orderId: String(orderId), auditor: account, segments })
}

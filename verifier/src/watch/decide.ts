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
import type { Assignment } from './readAssignment.ts'
import { type Report, reportSchema } from './report.ts'

export type Tries = {
  readonly final: boolean
  readonly giveUpAtMs: number
  readonly runs: Map<string, Promise<ImageOutput>>
}

/**
 * Audits its share of the drawn segments and writes verdicts, salt and report into the journal, before anything is sent.
 * Throws NotYet while something is missing that may still come.
 */
export async function decide(
  auditor: Auditor,
  args: { orderId: bigint; round: number; order: OrderFacts; assignment: Assignment } & Tries,
): Promise<void> {
  const { account, journal, emit } = auditor
  const { orderId, round, assignment } = args
  const { drawn, segments, positions } = assignment
  const { facts, audited } = await auditSegments(auditor, { ...args, drawn: segments })
  const expected = drawnCount(args.order.terms, facts.windows)
  if (drawn !== expected) throw new NotYet(`the node draws ${drawn} segments, not ${expected}`)
  const report = canonicalBytes(reportOf(orderId, account, audited))
  const { cid } = await addBytes(report)
  const given = audited.map((segment) => segment.report.verdict)
  const verdicts = packVerdicts(
    Array.from({ length: drawn }, (_, at) => given[positions.indexOf(at)] ?? 'none'),
  )
  // What only a replay gives, of each that passed to the bit; of the others nobody may guess what they failed.
  const isShown = args.order.terms.mode !== 'Tolerance'
  const inner = audited.map(({ replayed }, i) =>
    isShown && given[i] === 'pass' ? innerBits(replayed?.inner ?? []) : '',
  )
  const bits = new Map(positions.flatMap((at, i) => (inner[i] ? [[at, inner[i]] as const] : [])))
  const random = toHex(randomBytes(32))
  const salt = replaySalt({ orderId, auditor: account, verdicts, random, bits })
  journal.save({ orderId, round, segments, positions, verdicts, salt, inner, reportCid: cid, report })
  emit({ event: 'drawn', orderId: String(orderId), segments, drawn })
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

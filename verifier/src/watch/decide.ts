import { randomBytes } from 'node:crypto'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { packVerdicts } from '@trainyard/contracts/verdictCommitment.ts'
import { addBytes } from '../content/addBytes.ts'
import { signGrant } from '../grant.ts'
import { toHex } from '../hash/hex.ts'
import { ReplayUnavailable } from '../image/errors.ts'
import { runImage } from '../image/runImage.ts'
import { canonicalBytes } from '../json.ts'
import { readAuditFacts } from './auditFacts.ts'
import { type AuditedSegment, auditOrder } from './auditOrder.ts'
import type { Auditor } from './auditor.ts'
import { type Report, reportSchema } from './report.ts'
import type { RunStretch } from './rerun.ts'

const SHORTEST_RUN_MS = 5_000

/**
 * Audits the drawn segments and writes verdicts, salt and report into the journal, before anything is sent.
 * Throws NotYet while something is missing that may still come.
 */
export async function decide(
  auditor: Auditor,
  args: {
    orderId: bigint
    order: OrderFacts
    drawn: readonly number[]
    final: boolean
    giveUpAtMs: number
  },
): Promise<void> {
  const { context, signer, account, content, journal, emit } = auditor
  const { orderId, order, drawn, final, giveUpAtMs } = args
  const { deployment } = context
  const facts = await readAuditFacts(context, orderId, order)
  const grant = await signGrant(signer, { chainId: deployment.chainId, audience: order.seller, orderId })
  const seller = { endpoint: facts.endpoint, orderId, grant }
  const runStretch = stretchRunner(auditor, giveUpAtMs)
  const audited = await auditOrder({
    ...{ facts, drawn, seller, content, deployment, final, giveUpAtMs, runStretch },
  })
  const report = canonicalBytes(reportOf(orderId, account, audited))
  const { cid } = await addBytes(report)
  journal.save({
    orderId,
    segments: drawn,
    verdicts: packVerdicts(audited.map((segment) => segment.report.verdict)),
    salt: toHex(randomBytes(32)),
    reportCid: cid,
    report,
  })
  for (const { report: segment, d } of audited) {
    emit({ event: 'audit', orderId: String(orderId), segment: segment.segment, verdict: segment.verdict, d })
  }
}

/** Runs images with the configured command, never longer than the audit can wait. */
function stretchRunner({ config }: Auditor, giveUpAtMs: number): RunStretch {
  const { replayer, dataDir } = config
  return async (run) => {
    if (!replayer) throw new ReplayUnavailable('this auditor has no replayer in its configuration')
    const timeoutMs = Math.max(giveUpAtMs - Date.now(), SHORTEST_RUN_MS)
    return runImage(replayer, run, { parent: dataDir, timeoutMs })
  }
}

function reportOf(orderId: bigint, account: string, audited: readonly AuditedSegment[]): Report {
  const segments = audited.map(({ report }) => report)
  return reportSchema.parse({ version: 1, orderId: String(orderId), auditor: account, segments })
}

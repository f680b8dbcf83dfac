import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { type ChainContext, connect } from '@trainyard/contracts/context.ts'
import { readChallengeBond } from '@trainyard/contracts/readChallengeBond.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { TypedDataSigner } from '@trainyard/contracts/signer.ts'
import { withRounds } from '../beacon/withRounds.ts'
import { ArgumentInvalid } from '../errors.ts'
import { signGrant } from '../grant.ts'
import type { Replayer } from '../image/runImage.ts'
import { OrderUndecided } from '../order/errors.ts'
import { resolveDeployment } from '../order/resolveDeployment.ts'
import { type AuditFacts, readAuditFacts } from '../watch/auditFacts.ts'
import { type AuditedSegment, auditOrder } from '../watch/auditOrder.ts'
import { createContentCache } from '../watch/contentCache.ts'
import { createStretchRunner } from '../watch/createStretchRunner.ts'
import { ensureBond } from '../watch/ensureBond.ts'
import type { SegmentReport } from '../watch/report.ts'
import { sendChallenge } from '../watch/sendChallenge.ts'

const PATIENCE_MS = 60 * 60_000

export type DisputeOptions = {
  rpc: string
  deployment: string
  store: string
  account: { file: string; passwordFile: string }
  replayer?: Replayer | undefined
  /** of drand, instead of those that the deployment names */
  relay?: readonly string[] | undefined
  /** send the challenge; without it, only what would be sent is found out */
  send: boolean
  /** challenge also what could not be replayed because it was not served to this account */
  unserved: boolean
}

/** valid: it holds, nothing to challenge. challenged: by this call. would-challenge: not told to send. undecided: not served. */
export type DisputeOutcome = {
  word: 'valid' | 'challenged' | 'would-challenge' | 'undecided'
  orderId: string
  report: SegmentReport
  /** at stake: lost if a jury refutes the challenge */
  bondWei: string
  disputeId: string | null
  txHash: string | null
}

/**
 * Replays one segment of an order in audit and challenges it, if it does not hold, from an account's own bond, which is topped
 * up from its tokens. Nothing is sent for a segment that holds. Throws OrderUndecided unless the order is in audit,
 * ArgumentInvalid for a segment that was not committed, KeystoreError, ChainError, ChainUnreachable and NotYet.
 */
export async function disputeSegment(
  orderId: bigint,
  segment: number,
  options: DisputeOptions,
): Promise<DisputeOutcome> {
  const deployment = await resolveDeployment(options.rpc, options.deployment)
  const signer = await readKeystore(options.account)
  const context = withRounds(await connect({ rpcUrl: options.rpc, deployment, signer }), options.relay)
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-dispute-'))
  try {
    const { facts, found } = await audit({ context, signer, dir }, orderId, segment, options)
    return await act(context, await signer.getAddress(), facts, found, options)
  } finally {
    context.runner.provider?.destroy()
    await rm(dir, { recursive: true, force: true })
  }
}

async function audit(
  { context, signer, dir }: { context: ChainContext; signer: TypedDataSigner; dir: string },
  orderId: bigint,
  segment: number,
  { store, replayer }: DisputeOptions,
): Promise<{ facts: AuditFacts; found: AuditedSegment }> {
  const order = await readOrder(context, orderId)
  if (order.status !== 'Auditing' && order.status !== 'Disputed') {
    const how = 'Only orders in audit can be challenged; a settled one is verified with the order command.'
    throw new OrderUndecided(`Order ${orderId} is ${order.status}, not in audit.`, how)
  }
  const facts = await readAuditFacts(context, orderId, order)
  const committed = facts.windows.reduce((sum, { segments }) => sum + segments, 0)
  if (segment >= committed)
    throw new ArgumentInvalid(
      `There is no segment ${segment}: order ${orderId} committed ${committed}, counted from 0`,
    )
  const { deployment } = context
  const grant = await signGrant(signer, { ...deployment, audience: order.seller, orderId })
  const giveUpAtMs = Date.now() + PATIENCE_MS
  const [found] = await auditOrder({
    ...{ facts, deployment, giveUpAtMs, drawn: [segment], final: true },
    seller: { endpoint: facts.endpoint, orderId, grant },
    content: createContentCache(dir, store),
    runStretch: createStretchRunner({ replayer, parent: dir, runs: new Map(), giveUpAtMs }),
  })
  return { facts, found: found! }
}

async function act(
  context: ChainContext,
  account: string,
  facts: AuditFacts,
  found: AuditedSegment,
  { send, unserved }: DisputeOptions,
): Promise<DisputeOutcome> {
  const { report } = found
  const bondWei = await readChallengeBond(context, facts.orderId)
  const outcome = {
    orderId: `${facts.orderId}`,
    report,
    bondWei: `${bondWei}`,
    disputeId: null,
    txHash: null,
  }
  if (report.verdict === 'pass') return { word: 'valid', ...outcome }
  // An account that may not read the order is served nothing: that is no fault of its seller.
  if (report.verdict === 'unavailable' && !unserved) return { word: 'undecided', ...outcome }
  if (!send) return { word: 'would-challenge', ...outcome }
  await ensureBond(context, account, bondWei)
  const { disputeId, hash } = await sendChallenge(context, facts, found, report.segment)
  return { word: 'challenged', ...outcome, disputeId: `${disputeId}`, txHash: hash }
}

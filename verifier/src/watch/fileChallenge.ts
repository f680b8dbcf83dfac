import { readChallengeBond } from '@trainyard/contracts/readChallengeBond.ts'
import type { Sent } from '@trainyard/contracts/send.ts'
import type { Auditor } from './auditor.ts'
import { ensureBond } from './ensureBond.ts'

/** Bonds what a challenge of the order takes, has it sent, and journals it. Throws ChainError and ChainUnreachable. */
export async function fileChallenge(
  { context, account, journal, emit }: Auditor,
  { orderId, segment }: { readonly orderId: bigint; readonly segment: number },
  send: () => Promise<Sent & { disputeId: bigint }>,
): Promise<void> {
  await ensureBond(context, account, await readChallengeBond(context, orderId))
  const sent = await send()
  journal.markChallenged(orderId, sent.disputeId)
  journal.openDispute(sent.disputeId)
  const disputeId = String(sent.disputeId)
  emit({ event: 'challenged', orderId: String(orderId), disputeId, segment, txHash: sent.hash })
}

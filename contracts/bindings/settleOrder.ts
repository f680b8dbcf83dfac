import type { ChainContext } from './context.ts'
import { readAudit } from './readAudit.ts'
import { readPass } from './readPass.ts'
import { type Sent, send } from './send.ts'

/**
 * Anyone, once the audit has an outcome (and a pass can no longer be challenged): moves the money. Each order settles once. Where the
 * first panel left it undecided (`readAudit`), this has a larger one drawn instead.
 */
export async function settleOrder(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  const { orderId } = args
  const { outcome, revealed } = await readAudit(context, orderId)
  // Passed by signatures, nothing revealed on chain: who is paid was not stored, and has to be said again.
  const passed = outcome === 'Pass' && revealed === 0 ? await readPass(context, orderId) : undefined
  if (!passed) return send(context, 'market', 'settleOrder', [orderId])
  return send(context, 'proofs', 'settlePassed', [orderId, passed.agreeing, passed.drawn])
}

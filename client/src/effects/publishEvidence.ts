import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import type { OrderContext } from '../engine/context.ts'
import { deliverCheckpoint } from '../engine/deliverCheckpoint.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'

/** Puts a window's signed leaves into the store, and its last checkpoint if it can; putting them twice is harmless. */
export async function publishEvidence(order: OrderContext, window: number): Promise<Action> {
  const evidence = order.journal.evidenceOf(order.orderId, window)
  if (!evidence) throw new CannotContinue(`The evidence of window ${window} is missing.`, 'Report this.')
  await putBlocks(order.config.store, (await addBytes(evidence.bytes)).blocks)
  await deliverCheckpoint(order, window)
  return { type: 'EvidencePublished', window }
}

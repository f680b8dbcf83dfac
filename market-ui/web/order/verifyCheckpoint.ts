import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import type { Order, WindowRow } from '../../server/api/schemas.ts'
import { checkpointStep } from './checkpointStep.ts'
import { eventOf } from './eventOf.ts'
import { fetchCheckpoint } from './fetchCheckpoint.ts'

/** The seller's machine serves something else than what it committed. Nothing of it is handed out. */
class CheckpointWrong extends Error {
  override readonly name = 'CheckpointWrong'
  readonly title = 'This is not the checkpoint that was committed'
  readonly moneyMoved = false
  readonly suggestion = 'Do not use it. While the order is in audit, whoever finds this may challenge it.'
}

export type CheckedCheckpoint = { readonly bytes: Uint8Array; readonly root: string }

/**
 * Fetches a window's last checkpoint from the seller's machine and compares its root with the one in the transaction
 * that committed the window. Throws CheckpointWrong, and what fetchCheckpoint and eventOf throw.
 * @param grant opens a private order
 */
export const verifyCheckpoint = async (
  order: Order,
  window: WindowRow,
  deployment: Deployment,
  grant?: string,
): Promise<CheckedCheckpoint> => {
  const { lastStateRoot } = (await eventOf(order, deployment, 'WindowCommitted', window.txHash)).args
  const bytes = await fetchCheckpoint(order.orderId, checkpointStep(order, window), grant)
  const root = checkpointRoot(bytes)
  if (root === lastStateRoot) return { bytes, root }
  throw new CheckpointWrong(`Its root is ${root}; the chain has ${lastStateRoot}.`)
}

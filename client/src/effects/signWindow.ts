import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { evidenceBytes, signEvidence } from '@trainyard/verifier/evidence.ts'
import { checkSeeds } from '../engine/checkSeeds.ts'
import type { OrderContext } from '../engine/context.ts'
import type { Action } from '../order/action.ts'

/**
 * Signs a window's leaves and journals them: whatever leaves this machine is what a restart will serve.
 * Leaves whose beacon is another one now are not signed: they would pass for fraud.
 */
export async function signWindow(
  order: OrderContext,
  effect: { window: number; endSegment: number },
): Promise<Action> {
  const { journal, orderId, signer, chain } = order
  const state = order.state()
  if (!('plan' in state) || !state.plan) throw new Error('No plan: nothing can be signed.')
  const changed = await checkSeeds(order, effect.window + 1)
  if (changed) return changed
  const first = effect.window * state.plan.segmentsPerWindow
  const leaves = journal.leavesOf(orderId, first, effect.endSegment)
  const { chainId, windows } = chain.deployment
  const { window } = effect
  const { beacon } = journal.seedsOf(orderId)[window]!
  const evidence = await signEvidence(signer, { chainId, windows }, { orderId, window, beacon, leaves })
  const bytes = evidenceBytes(evidence)
  journal.saveEvidence(orderId, effect.window, (await addBytes(bytes)).cid, bytes)
  return { type: 'WindowSigned', window: effect.window }
}

import { commitWindow as sendCommitWindow } from '@trainyard/contracts/commitWindow.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { windowRoot } from '@trainyard/verifier/segment.ts'
import { checkSeeds } from '../engine/checkSeeds.ts'
import type { OrderContext } from '../engine/context.ts'
import { readChain } from '../engine/readChain.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'

/**
 * Commits a window unless the chain has it: a commit whose answer was lost must not be repeated. If the
 * chain refuses, its views tell what is true instead. A beacon that changed since the window was signed has
 * it trained again.
 */
export async function commitWindow(
  order: OrderContext,
  effect: { window: number; endSegment: number },
  signal: AbortSignal,
): Promise<Action> {
  const { chain, orderId, journal, head, logger } = order
  const { window, endSegment } = effect
  const id = BigInt(orderId)
  if ((await readWindowCount(chain, id)) > window) return { type: 'WindowCommitted', window }
  const state = order.state()
  if (!('plan' in state) || !state.plan) throw new CannotContinue('No plan.', 'Report this.')
  const changed = await checkSeeds(order, window + 1)
  if (changed) return changed
  const leaves = journal.leavesOf(orderId, window * state.plan.segmentsPerWindow, endSegment)
  const evidence = journal.evidenceOf(orderId, window)
  const seed = journal.seedsOf(orderId)[window]
  if (!seed) throw new CannotContinue(`The seed of window ${window} is missing.`, 'Report this.')
  if (!evidence) throw new CannotContinue(`The evidence of window ${window} is missing.`, 'Report this.')
  const lastStateRoot = leaves[leaves.length - 1]!.stateRootAfter
  try {
    await sendCommitWindow(chain, {
      orderId: id,
      index: window,
      root: windowRoot(leaves),
      segments: leaves.length,
      lastStateRoot,
      beacon: seed.beacon,
      evidence: evidence.cid,
    })
    return { type: 'WindowCommitted', window }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    logger.warn({ msg: 'commitWindow was refused', orderId, window, reason: error.shortMessage })
    if (error.errorName === 'ProofsBeaconNotReady') await head.next(signal)
    return readChain(order)
  }
}

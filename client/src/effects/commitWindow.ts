import { beaconWord } from '@trainyard/contracts/beaconWord.ts'
import { commitWindow as sendCommitWindow } from '@trainyard/contracts/commitWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { sealedDigest } from '@trainyard/contracts/sealedDigest.ts'
import { sealWindow as sendSealWindow } from '@trainyard/contracts/sealWindow.ts'
import { windowRoot } from '@trainyard/verifier/segment.ts'
import { ZeroHash } from 'ethers'
import { chainRefusal } from '../engine/chainRefusal.ts'
import { checkSeeds } from '../engine/checkSeeds.ts'
import type { OrderContext } from '../engine/context.ts'
import { readChain } from '../engine/readChain.ts'
import { signedWindow } from '../engine/signedWindow.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'

/**
 * Commits a window unless the chain has it: a commit whose answer was lost must not be repeated. If the
 * chain refuses, its views tell what is true instead. A beacon that changed since the window was signed has
 * it trained again. Of a refereed order it is sealed: all that the chain is told is the digest.
 */
export async function commitWindow(
  order: OrderContext,
  effect: { type: 'CommitWindow' | 'SealWindow'; window: number; endSegment: number },
  signal: AbortSignal,
): Promise<Action> {
  const { chain, orderId, journal, head, logger } = order
  const { type, window, endSegment } = effect
  const id = BigInt(orderId)
  if ((await readWindowCount(chain, id)) > window) return { type: 'WindowCommitted', window }
  const state = order.state()
  if (!('plan' in state) || !state.plan) throw new CannotContinue('No plan.', 'Report this.')
  const changed = await checkSeeds(order, window + 1)
  if (changed) return changed
  const leaves = journal.leavesOf(orderId, window * state.plan.segmentsPerWindow, endSegment)
  const { evidence, seed } = signedWindow(order, window)
  const lastStateRoot = leaves[leaves.length - 1]!.stateRootAfter
  const facts = {
    ...{ orderId: id, index: window, root: windowRoot(leaves), segments: leaves.length, lastStateRoot },
    evidence: evidence.cid,
  }
  const send = (beacon: string) =>
    chainRefusal(
      type === 'SealWindow'
        ? sendSealWindow(chain, { ...facts, digest: sealedDigest(facts), beacon })
        : sendCommitWindow(chain, { ...facts, beacon }),
    )
  const named = { value: seed.beacon, position: seed.beaconBlock }
  let refusal = await send(beaconWord(chain.deployment, named))
  if (refusal?.errorName === 'WindowsBeaconChanged') {
    const another = await checkSeeds(order, window + 1)
    if (another) return another
    // The block's header says what was trained with; contracts of a devnet that was started again read other hashes.
    logger.warn({ msg: 'contracts read another hash than the header says', orderId, window })
    refusal = await send(ZeroHash)
  }
  if (!refusal) return { type: 'WindowCommitted', window }
  logger.warn({ msg: `${type} was refused`, orderId, window, reason: refusal.shortMessage })
  if (refusal.errorName === 'WindowsBeaconNotReady') await head.next(signal)
  return readChain(order)
}

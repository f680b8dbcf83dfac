import { amendWindow as sendAmendWindow } from '@trainyard/contracts/amendWindow.ts'
import { beaconWord } from '@trainyard/contracts/beaconWord.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { parseEvidence, statementOf } from '@trainyard/verifier/evidence.ts'
import { chainRefusal } from '../engine/chainRefusal.ts'
import type { OrderContext } from '../engine/context.ts'
import { readChain } from '../engine/readChain.ts'
import { signedWindow } from '../engine/signedWindow.ts'
import type { Action } from '../order/action.ts'

/**
 * Takes back what was committed of the newest window and commits what was signed last, unless the chain has it: the window
 * may have come out as it was, or the amendment's answer was lost. If the chain refuses, its views tell what is true instead.
 */
export async function amendWindow(order: OrderContext, window: number): Promise<Action> {
  const { chain, orderId, logger } = order
  const id = BigInt(orderId)
  const { evidence, seed } = signedWindow(order, window)
  const said = parseEvidence(evidence.bytes)
  const { root, lastStateRoot } = statementOf(said)
  const { amendment } = said
  const beacon = beaconWord(chain.deployment, { value: said.beacon, position: seed.beaconBlock })
  const committed = await readWindow(chain, id, window)
  if (committed?.amendment === amendment && committed.root === root) return { type: 'WindowMended', window }
  const facts = { orderId: id, index: window, amendment, root, lastStateRoot, evidence: evidence.cid }
  const refusal = await chainRefusal(sendAmendWindow(chain, { ...facts, beacon }))
  if (refusal) {
    logger.warn({ msg: 'amendWindow was refused', orderId, window, reason: refusal.shortMessage })
    return readChain(order)
  }
  logger.warn({ msg: 'amended a window', orderId, window, amendment })
  return { type: 'WindowMended', window }
}

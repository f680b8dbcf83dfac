import { amendWindow as sendAmendWindow } from '@trainyard/contracts/amendWindow.ts'
import { beaconWord } from '@trainyard/contracts/beaconWord.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { parseEvidence, statementOf } from '@trainyard/verifier/evidence.ts'
import type { OrderContext } from '../engine/context.ts'
import { readChain } from '../engine/readChain.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'

/**
 * Takes back what was committed of the newest window and commits what was signed last, unless the chain has it: the window
 * may have come out as it was, or the amendment's answer was lost. If the chain refuses, its views tell what is true instead.
 */
export async function amendWindow(order: OrderContext, window: number): Promise<Action> {
  const { chain, orderId, journal, logger } = order
  const id = BigInt(orderId)
  const evidence = journal.evidenceOf(orderId, window)
  if (!evidence) throw new CannotContinue(`The evidence of window ${window} is missing.`, 'Report this.')
  const said = parseEvidence(evidence.bytes)
  const { root, lastStateRoot } = statementOf(said)
  const { amendment } = said
  const position = journal.seedsOf(orderId)[window]?.beaconBlock
  if (position === undefined)
    throw new CannotContinue(`The seed of window ${window} is missing.`, 'Report this.')
  const beacon = beaconWord(chain.deployment, { value: said.beacon, position })
  const committed = await readWindow(chain, id, window)
  if (committed?.amendment === amendment && committed.root === root) return { type: 'WindowMended', window }
  const facts = { orderId: id, index: window, amendment, root, lastStateRoot, evidence: evidence.cid }
  try {
    await sendAmendWindow(chain, { ...facts, beacon })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    logger.warn({ msg: 'amendWindow was refused', orderId, window, reason: error.shortMessage })
    return readChain(order)
  }
  logger.warn({ msg: 'amended a window', orderId, window, amendment })
  return { type: 'WindowMended', window }
}

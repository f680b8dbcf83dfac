import { ChainError } from '@trainyard/contracts/errors.ts'
import { openWindow as sendOpenWindow } from '@trainyard/contracts/openWindow.ts'
import { readOpenable } from '@trainyard/contracts/readOpenable.ts'
import { readOpened } from '@trainyard/contracts/readOpened.ts'
import { parseEvidence, statementOf } from '@trainyard/verifier/evidence.ts'
import type { OrderContext } from '../engine/context.ts'
import { readChain } from '../engine/readChain.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'
import { publishEvidence } from './publishEvidence.ts'

const POLL_MS = 2_000

/**
 * Waits until the twin is bound to its own window of that number, or can seal none any more; then publishes what this one holds
 * and tells the chain. Before that nobody is given anything of it: who knows one seller could tell the other.
 */
export async function openWindow(order: OrderContext, window: number, signal: AbortSignal): Promise<Action> {
  const { chain, orderId, journal, head, logger } = order
  const id = BigInt(orderId)
  const evidence = journal.evidenceOf(orderId, window)
  if (!evidence) throw new CannotContinue(`The evidence of window ${window} is missing.`, 'Report this.')
  const { leaves, ...said } = parseEvidence(evidence.bytes)
  const { root, lastStateRoot } = statementOf({ ...said, leaves })
  for (;;) {
    if ((await readOpened(chain, id)).windows > window) return { type: 'WindowOpened', window }
    if ((await readOpenable(chain, id)) > window) {
      await publishEvidence(order, window)
      const facts = { orderId: id, index: window, root, segments: leaves.length, lastStateRoot }
      try {
        await sendOpenWindow(chain, { ...facts, evidence: evidence.cid })
        return { type: 'WindowOpened', window }
      } catch (error) {
        if (!(error instanceof ChainError)) throw error
        logger.warn({ msg: 'openWindow was refused', orderId, window, reason: error.shortMessage })
        await head.next(signal, POLL_MS)
        return readChain(order)
      }
    }
    await head.next(signal, POLL_MS)
  }
}

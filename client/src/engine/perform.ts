import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { orderFailed } from '@trainyard/contracts/orderFailed.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { assertUnreachable } from '../assertUnreachable.ts'
import { amendWindow } from '../effects/amendWindow.ts'
import { awaitSeed } from '../effects/awaitSeed.ts'
import { cleanUp } from '../effects/cleanUp.ts'
import { commitWindow } from '../effects/commitWindow.ts'
import { deliverResult } from '../effects/deliverResult.ts'
import { fetchInputs } from '../effects/fetchInputs.ts'
import { hashSegment } from '../effects/hashSegment.ts'
import { openWindow } from '../effects/openWindow.ts'
import { publishEvidence } from '../effects/publishEvidence.ts'
import { publishResult } from '../effects/publishResult.ts'
import { runSelfTest } from '../effects/runSelfTest.ts'
import { runTrainer } from '../effects/runTrainer.ts'
import { settleIfDue } from '../effects/settleIfDue.ts'
import { showRounds } from '../effects/showRounds.ts'
import { signWindow } from '../effects/signWindow.ts'
import { stopRuns } from '../effects/stopRuns.ts'
import { writeWindowSeed } from '../effects/writeWindowSeed.ts'
import type { Action } from '../order/action.ts'
import type { Effect } from '../order/effect.ts'
import { keepOutput } from '../rental/keepOutput.ts'
import { runProgram } from '../rental/runProgram.ts'
import { sendHeartbeats } from '../rental/sendHeartbeats.ts'
import type { OrderContext } from './context.ts'
import { readChain, sendThenRead } from './readChain.ts'

/** Carries an effect out and says what came of it; undefined if nothing follows from it. */
export async function perform(
  order: OrderContext,
  effect: Effect,
  signal: AbortSignal,
): Promise<Action | undefined> {
  const { chain } = order
  const orderId = BigInt(order.orderId)
  switch (effect.type) {
    case 'ReadChain':
      return readChain(order)
    case 'FetchInputs':
      return fetchInputs(order, signal)
    case 'RunSelfTest':
      return runSelfTest(order, signal)
    case 'AwaitSeed':
      return awaitSeed(order, effect.window, signal)
    case 'WriteWindowSeed':
      return writeWindowSeed(order, effect.window)
    case 'SendStart':
      return sendThenRead(order, 'startOrder', () => startOrder(chain, { orderId }))
    case 'RunTrainer':
      return runTrainer(order, effect, signal)
    case 'HashSegment':
      return hashSegment(order, effect, signal)
    case 'SignWindow':
      return signWindow(order, effect)
    case 'PublishEvidence':
      return publishEvidence(order, effect.window)
    case 'CommitWindow':
    case 'SealWindow':
      return commitWindow(order, effect, signal)
    case 'OpenWindow':
      return openWindow(order, effect.window, signal)
    case 'DeliverResult':
      return deliverResult(order)
    case 'AmendWindow':
      return amendWindow(order, effect.window)
    case 'PublishResult':
      return publishResult(order)
    case 'SendCompleted':
      return sendThenRead(order, 'orderCompleted', () =>
        orderCompleted(chain, { orderId, resultCid: effect.resultCid }),
      )
    case 'RunProgram':
      return runProgram(order, effect.attempt, signal)
    case 'SendHeartbeats':
      return void (await sendHeartbeats(order, signal))
    case 'PublishOutput':
      await stopRuns(order)
      return { type: 'ResultPublished', resultCid: await keepOutput(order, effect.attempt) }
    case 'SendFailed':
      return sendThenRead(order, 'orderFailed', () => orderFailed(chain, { orderId, reason: effect.reason }))
    case 'StopRuns':
      return void (await stopRuns(order))
    case 'ShowRounds':
      return void (await showRounds(order, signal))
    case 'SettleIfDue':
      return settleIfDue(order, signal)
    case 'CleanUp':
      return cleanUp(order)
    default:
      return assertUnreachable(effect)
  }
}

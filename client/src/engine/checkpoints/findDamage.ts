import { readFile } from 'node:fs/promises'
import { CannotContinue } from '../../errors.ts'
import type { Action } from '../../order/action.ts'
import { firstSegmentOf, firstStepOf, lastStepOf, type Plan, windowOfSegment } from '../../order/plan.ts'
import type { OrderContext } from '../context.ts'

type Damage = Extract<Action, { type: 'CheckpointDamaged' }>

/**
 * Compares the kept checkpoint after `step` steps, from which training goes on and auditors replay, with the root that its
 * leaf says. Where they differ its file was damaged, or it was hashed wrongly: nobody can tell, so its window is to be
 * trained again. Undefined: they agree. Throws CannotContinue where the window's first checkpoint is no better.
 */
export async function findDamage(order: OrderContext, step: number): Promise<Damage | undefined> {
  const state = order.state()
  if (!('plan' in state) || !state.plan || !('work' in state) || !state.work || step === 0) return undefined
  const { plan } = state
  if (await isWhole(order, plan, step)) return undefined
  const window = windowOfSegment(plan, Math.ceil(step / plan.stepsPerSegment) - 1)
  const firstStep = firstStepOf(plan, firstSegmentOf(plan, window))
  const amendable = state.work.opened === undefined ? 1 : 0
  if (window < state.work.committed - amendable || !(await isWhole(order, plan, firstStep))) {
    const what = `The checkpoints after steps ${firstStep} and ${step} are not what was hashed.`
    throw new CannotContinue(what, 'Check the disk and the memory of this machine.')
  }
  const message = `The checkpoint after step ${step} is not what was hashed: window ${window} is trained again.`
  order.logger.warn({ msg: message, orderId: order.orderId, window, step })
  return { type: 'CheckpointDamaged', window, message }
}

/** As findDamage; of a window that is on its way to the chain nothing is done before it is there. */
export async function awaitDamage(
  order: OrderContext,
  step: number,
  signal: AbortSignal,
): Promise<Damage | undefined> {
  for (;;) {
    const damage = await findDamage(order, step)
    const state = order.state()
    if (!damage || !('work' in state) || !state.work) return damage
    const isOnItsWay = damage.window >= state.work.committed && damage.window < state.work.signed
    if (!isOnItsWay) return damage
    await order.head.next(signal)
  }
}

/** The initial state has no leaf of its own; the first one begins in it. */
async function isWhole(order: OrderContext, plan: Plan, step: number): Promise<boolean> {
  const segment = Math.max(0, Math.ceil(step / plan.stepsPerSegment) - 1)
  const [leaf] = order.journal.leavesOf(order.orderId, segment, segment + 1)
  if (!leaf || (step !== 0 && lastStepOf(plan, segment) !== step)) return false
  const bytes = await readFile(order.paths.checkpoint(step)).catch(() => undefined)
  if (!bytes) return false
  const claimed = step === 0 ? leaf.stateRootBefore : leaf.stateRootAfter
  // A file that is no checkpoint any more has no root.
  return (await order.leaves.root(bytes).catch(() => undefined)) === claimed
}

import { rm, stat } from 'node:fs/promises'
import type { Driver } from '../../drivers/driver.ts'
import { firstStepOf, lastStepOf, type Plan } from '../../order/plan.ts'
import type { OrderContext } from '../context.ts'
import { fileIsThere } from '../fileIsThere.ts'
import { recentCheckpoints } from './checkpointRoom.ts'
import { createQueue, type Queue } from './createQueue.ts'
import { CheckpointGone, CheckpointNotYet, ComesOutOtherwise } from './errors.ts'
import { recompute, recomputedPath } from './recompute.ts'

const TIMEOUT_MS = 600_000
/** All recomputing for one order takes at most so many times its steps, whoever asks. */
const MOST_TIMES = 4
const TRIES = 2

/** An order's checkpoints: those on disk, and the others computed again when somebody needs them. */
export type Checkpoints = {
  /** The file of a checkpoint that is on disk, if it is. */
  kept(step: number): Promise<string | undefined>
  /**
   * The file of a hashed checkpoint, computed again from the nearest one before it if it was dropped: one at a time on a
   * machine, and only once training is over and until the order is settled. Throws CheckpointGone and CheckpointNotYet.
   */
  path(step: number): Promise<string>
  /**
   * Whether the segment that ends there comes to the committed state once more, by the driver that trained it. Takes its turn with those
   * that are computed again. Throws as `path`, and ClientError where it cannot be run.
   */
  comesOutAgain(step: number): Promise<boolean>
}

export function createCheckpoints(context: () => OrderContext): Checkpoints {
  const underWay = new Map<number, Promise<string>>()
  const shelf: number[] = [] // steps computed again, oldest first
  let emptied: Promise<void> | undefined

  const kept = async (step: number) => {
    const order = context()
    emptied ??= rm(order.paths.recomputed, { recursive: true, force: true }) // of an earlier process
    await emptied
    for (const path of [order.paths.checkpoint(step), recomputedPath(order, step)]) {
      if (await fileIsThere(path)) return path
    }
    return undefined
  }
  const compute = async (order: OrderContext, plan: Plan, step: number) => {
    for (let tries = 1; ; tries++) {
      const found = await kept(step) // the one before in the queue may have passed it
      if (found !== undefined) return found
      const range = { ...(await nearestBefore(plan, step, kept)), toStep: step }
      charge(order, plan, range)
      try {
        shelf.push(...(await recompute(order, plan, range, AbortSignal.timeout(TIMEOUT_MS))))
        await trim(order, plan, shelf)
      } catch (err) {
        order.logger.warn({
          msg: 'a checkpoint was not recomputed',
          orderId: order.orderId,
          step,
          tries,
          err,
        })
        if (tries === TRIES) throw new CheckpointNotYet(step, 'computing it again failed')
      }
    }
  }
  const path = async (step: number) => {
    const found = await kept(step)
    if (found !== undefined) return found
    const order = context()
    const plan = planToRecompute(order, step)
    const queue = queueOf(order.driver)
    if (!underWay.has(step) && queue.isFull())
      throw new CheckpointNotYet(step, 'many others are wanted first')
    const computed =
      underWay.get(step) ?? queue.run(() => compute(order, plan, step)).finally(() => underWay.delete(step))
    underWay.set(step, computed)
    return computed
  }
  const comesOutAgain = async (step: number) => {
    const order = context()
    const plan = planToRecompute(order, step)
    const fromStep = firstStepOf(plan, Math.ceil(step / plan.stepsPerSegment) - 1)
    const range = { fromStep, before: fromStep === 0 ? undefined : await path(fromStep), toStep: step }
    const again = () => recompute(order, plan, range, AbortSignal.timeout(TIMEOUT_MS))
    try {
      shelf.push(...(await queueOf(order.driver).run(again)))
      await trim(order, plan, shelf)
      return true
    } catch (error) {
      if (error instanceof ComesOutOtherwise) return false
      throw error
    }
  }
  return { kept, path, comesOutAgain }
}

const queues = new WeakMap<Driver, Queue>()

/** One at a time for all orders of a driver's machine. */
function queueOf(driver: Driver): Queue {
  const queue = queues.get(driver) ?? createQueue()
  queues.set(driver, queue)
  return queue
}

function planToRecompute(order: OrderContext, step: number): Plan {
  const state = order.state()
  if (!('work' in state) || !state.work || !state.plan) throw new CheckpointGone(step, '')
  const { plan, work, phase } = state
  const hashed = work.hashed === 0 ? -1 : lastStepOf(plan, work.hashed - 1)
  const isEnd = step % plan.stepsPerSegment === 0 || step === plan.steps
  if (step > hashed || !isEnd) throw new CheckpointGone(step, '')
  if (phase === 'settled') throw new CheckpointGone(step, ' after settlement')
  if (phase === 'training') throw new CheckpointNotYet(step, 'training goes on')
  return plan
}

async function nearestBefore(plan: Plan, step: number, kept: Checkpoints['kept']) {
  const windowSteps = plan.stepsPerSegment * plan.segmentsPerWindow
  const windowFirst = Math.floor((step - 1) / windowSteps) * windowSteps
  let segment = Math.ceil(step / plan.stepsPerSegment) - 1
  for (; firstStepOf(plan, segment) >= windowFirst; segment--) {
    const fromStep = firstStepOf(plan, segment)
    const before = await kept(fromStep)
    if (before !== undefined) return { fromStep, before: fromStep === 0 ? undefined : before }
  }
  throw new CheckpointGone(step, ', nor is the first one of its window')
}

/** The limit outlives the process: it is counted in the journal before the steps are run. */
function charge(
  { journal, orderId }: OrderContext,
  plan: Plan,
  range: { fromStep: number; toStep: number },
): void {
  const name = `recomputedSteps:${orderId}`
  const total = (journal.fact<number>(name) ?? 0) + range.toStep - range.fromStep
  if (total > MOST_TIMES * plan.steps) {
    throw new CheckpointGone(
      range.toStep,
      `, and ${MOST_TIMES} times the order's steps were recomputed already`,
    )
  }
  journal.saveFact(name, total)
}

/** Keeps two windows' worth of recomputed checkpoints, or more if they are small. */
async function trim(order: OrderContext, plan: Plan, shelf: number[]): Promise<void> {
  const newest = shelf.at(-1)
  if (newest === undefined) return
  const { size } = await stat(recomputedPath(order, newest))
  const recent = recentCheckpoints(size, order.config.checkpointMegabytes)
  const room = Math.max(2 * plan.segmentsPerWindow, recent)
  for (const step of shelf.splice(0, Math.max(0, shelf.length - room))) {
    if (!shelf.includes(step)) await rm(recomputedPath(order, step), { force: true })
  }
}

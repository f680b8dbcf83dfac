import { join } from 'node:path'
import { readOutputFile } from '../../drivers/readOutputFile.ts'
import { ClientError } from '../../errors.ts'
import type { Plan } from '../../order/plan.ts'
import type { OrderContext } from '../context.ts'
import { discardRun } from '../discardRun.ts'
import { imageOf } from '../imageOf.ts'
import { runIdPrefix } from '../orderRuns.ts'
import { prepareRun } from '../prepareRun.ts'
import { writeFileAtomic } from '../writeFileAtomic.ts'
import { ComesOutOtherwise } from './errors.ts'

const MAX_CHECKPOINT_BYTES = 1024 ** 3

/** The file of a checkpoint that was computed again. */
export function recomputedPath(order: Pick<OrderContext, 'paths'>, step: number): string {
  return join(order.paths.recomputed, `${step}.safetensors`)
}

/**
 * Runs an order's steps from one checkpoint (none: from its beginning) to another once more, by the driver that trained them, and keeps every
 * checkpoint on the way whose root is the one in the journalled leaf. Returns their steps. While the machine trains another
 * order the run gets one core at most. Throws ClientError if the run fails or comes to other bits.
 */
export async function recompute(
  order: OrderContext,
  plan: Plan,
  range: { fromStep: number; before: string | undefined; toStep: number },
  signal: AbortSignal,
): Promise<number[]> {
  const { driver, journal, orderId, paths } = order
  const { fromStep, before, toStep } = range
  const run = `c${toStep}`
  const runId = `${runIdPrefix(order)}${run}`
  const job = await order.job()
  await discardRun(order, run) // what a crash left behind proves nothing
  try {
    const jobDir = await prepareRun({ paths, run, seeds: () => journal.seedsOf(orderId), before })
    const limits = limitsBeside(order)
    await driver.start({ orderId, runId, jobDir, fromStep, toStep, limits, ...imageOf(job, order.gpus) })
    const state = await driver.wait(runId, signal)
    signal.throwIfAborted()
    if (state.kind !== 'exited' || state.exitCode !== 0) {
      const how = state.kind === 'exited' ? `ended with exit code ${state.exitCode}` : `is ${state.kind}`
      throw new ClientError(`The run from step ${fromStep} to ${toStep} ${how}.`, "Read the order's log.")
    }
    return await keepCheckpoints(order, plan, range, jobDir)
  } finally {
    await discardRun(order, run)
  }
}

async function keepCheckpoints(
  order: OrderContext,
  plan: Plan,
  { fromStep, toStep }: { fromStep: number; toStep: number },
  jobDir: string,
): Promise<number[]> {
  const first = fromStep / plan.stepsPerSegment
  const end = Math.ceil(toStep / plan.stepsPerSegment)
  const kept: number[] = []
  for (const leaf of order.journal.leavesOf(order.orderId, first, end)) {
    const name = `checkpoints/${leaf.lastStep}/state.safetensors`
    const bytes = await readOutputFile(jobDir, name, MAX_CHECKPOINT_BYTES)
    if ((await order.leaves.root(bytes)) !== leaf.stateRootAfter) {
      throw new ComesOutOtherwise(leaf.lastStep)
    }
    await writeFileAtomic(recomputedPath(order, leaf.lastStep), bytes)
    kept.push(leaf.lastStep)
  }
  return kept
}

/** What the run may use: all of the machine's, or one core beside another order's training. */
function limitsBeside({ journal, orderId, limits }: OrderContext): OrderContext['limits'] {
  const isBusy = journal
    .loadOrders()
    .some(
      ({ state }) => state.orderId !== orderId && (state.phase === 'training' || state.phase === 'selfTest'),
    )
  return isBusy ? { ...limits, cpus: Math.min(1, limits.cpus) } : limits
}

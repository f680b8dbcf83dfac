import { readFile } from 'node:fs/promises'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { readStateAt } from '@trainyard/verifier/jobState.ts'
import { segmentStepRoots } from '@trainyard/verifier/stepRoots.ts'
import { firstStepOf } from '../order/plan.ts'
import type { OrderContext } from './context.ts'

/**
 * The state root after each step of a segment, from a replay on this machine's processor, beginning with its own checkpoint.
 * Undefined for images, which are not run step by step. Throws CheckpointGone and CheckpointNotYet.
 */
export async function ownStepRoots(order: OrderContext, segment: number): Promise<Hex[] | undefined> {
  const { journal, orderId } = order
  const state = order.state()
  const { job, train } = await order.inputs()
  if (job.version !== 1 || !('plan' in state) || !state.plan) return undefined
  const firstStep = firstStepOf(state.plan, segment)
  const stateBefore = readStateAt(firstStep, await readFile(await order.checkpoints.path(firstStep)), job)
  if ('tensors' in stateBefore) return undefined
  const seeds = journal.seedsOf(orderId).map(({ seed }) => seed)
  return segmentStepRoots({ job, data: train, seeds, stateBefore, segment })
}

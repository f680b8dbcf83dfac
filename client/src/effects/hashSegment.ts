import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDueAt } from '@trainyard/contracts/readDueAt.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { readOutputFile } from '../drivers/readOutputFile.ts'
import { removeOutputFile } from '../drivers/removeOutputFile.ts'
import { recentCheckpoints } from '../engine/checkpoints/checkpointRoom.ts'
import { dropCheckpoints } from '../engine/checkpoints/dropCheckpoints.ts'
import type { OrderContext } from '../engine/context.ts'
import { createStallWatch } from '../engine/createStallWatch.ts'
import { fileIsThere } from '../engine/fileIsThere.ts'
import { runName } from '../engine/runName.ts'
import { waitForChange } from '../engine/waitForChange.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'
import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'
import { firstStepOf, lastStepOf, type Plan, windowOfSegment } from '../order/plan.ts'

const POLL_MS = 500
const MAX_CHECKPOINT_BYTES = 1024 ** 3

/**
 * Waits until the trainer has finished a segment, keeps a copy of its checkpoint that the job cannot touch,
 * and journals the segment's leaf. A job that stands still until its window is late is stalled.
 */
export async function hashSegment(
  order: OrderContext,
  effect: { segment: number; attempt: number },
  signal: AbortSignal,
): Promise<Action> {
  const { journal, orderId, seller } = order
  const { segment, attempt } = effect
  const plan = planOfOrder(order)
  const first = firstStepOf(plan, segment)
  const end = lastStepOf(plan, segment)
  const found = await awaitSegment(order, attempt, { first, end }, signal)
  if ('type' in found) return found
  const { lines, after } = found
  const stateRootBefore = await rootBefore(order, attempt, segment)
  const seeds = journal.seedsOf(orderId)
  const leaf = await order.leaves.leaf(after, {
    seeds: seeds.map(({ seed }) => seed),
    orderId,
    seller,
    segment,
    stateRootBefore,
    inner: lines.map(({ parsed }) => [parsed.lossBits, parsed.gradNormBits] as const),
    beaconRound: seeds[windowOfSegment(plan, segment)]!.beaconBlock,
  })
  await writeFileAtomic(order.paths.checkpoint(end), after)
  signal.throwIfAborted()
  journal.saveLeaf(orderId, leaf, lines.map(({ text }) => `${text}\n`).join(''))
  await dropFormer(order, plan, { segment, attempt, bytesEach: after.length })
  order.progress(attempt).forget(end)
  order.tellProgress()
  return { type: 'SegmentHashed', segment }
}

/**
 * Deletes what a restart does not need any more: this segment's first checkpoint is where training would be resumed if
 * this process died now, and, of the last segment, if the result went missing.
 */
async function dropFormer(
  order: OrderContext,
  plan: Plan,
  { segment, attempt, bytesEach }: { segment: number; attempt: number; bytesEach: number },
): Promise<void> {
  if (segment === 0) return
  const recent = recentCheckpoints(bytesEach, order.config.checkpointMegabytes)
  await dropCheckpoints(order.paths, plan, firstStepOf(plan, Math.max(0, segment - recent)))
  // The job's own copy; that of the daemon counts.
  const copy = `checkpoints/${firstStepOf(plan, segment)}/state.safetensors`
  await removeOutputFile(order.paths.runDir(runName(attempt)), copy)
}

function planOfOrder(order: OrderContext): Plan {
  const state = order.state()
  if ('plan' in state && state.plan) return state.plan
  throw new CannotContinue(`Order ${order.orderId} has no work under way.`, 'Report this.')
}

/** The checkpoint appears by rename after the segment's progress lines were flushed. */
async function awaitSegment(
  order: OrderContext,
  attempt: number,
  range: { first: number; end: number },
  signal: AbortSignal,
) {
  const watch = createStallWatch(order.head, () => readDueAt(order.chain, BigInt(order.orderId)), range.first)
  const dir = order.paths.runDir(runName(attempt))
  for (;;) {
    signal.throwIfAborted()
    const after = await readCheckpointFile(dir, range.end)
    await order.progress(attempt).poll()
    const lines = order.progress(attempt).range(range.first, range.end)
    if (after && lines) return { after, lines }
    const stalled = await watch.look(order.progress(attempt).newest())
    if (stalled) return stalled
    const checkpoints = join(dir, 'out', 'checkpoints')
    await waitForChange((await fileIsThere(checkpoints)) ? checkpoints : dir, POLL_MS, signal)
  }
}

async function rootBefore(order: OrderContext, attempt: number, segment: number): Promise<Hex> {
  if (segment > 0) {
    const [previous] = order.journal.leavesOf(order.orderId, segment - 1, segment)
    if (previous) return previous.stateRootAfter
    throw new CannotContinue(`The leaf of segment ${segment - 1} is missing.`, 'Report this.')
  }
  const bytes = await readCheckpointFile(order.paths.runDir(runName(attempt)), 0)
  if (!bytes) throw new CannotContinue('The trainer wrote no checkpoint of step 0.', 'Correct the trainer.')
  await writeFileAtomic(order.paths.checkpoint(0), bytes)
  const root = await order.leaves.root(bytes)
  if (await fileIsThere(order.paths.start)) {
    const wanted = await order.leaves.root(await readFile(order.paths.start))
    if (root !== wanted)
      throw new CannotContinue(
        'The trainer did not begin with the checkpoint it was given.',
        'Correct the trainer.',
      )
  }
  return root
}

async function readCheckpointFile(dir: string, step: number): Promise<Buffer | undefined> {
  try {
    return await readOutputFile(dir, `checkpoints/${step}/state.safetensors`, MAX_CHECKPOINT_BYTES)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

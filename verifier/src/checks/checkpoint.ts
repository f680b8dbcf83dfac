import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import { readStateAt } from '../jobState.ts'
import { type Finding, fail } from '../verdict.ts'

/** Each checkpoint is a state of this model, at its step, and the one whose root the leaves claim. */
export function checkCheckpoint(bundle: Bundle): Finding[] {
  const { checkpoints, bounds } = bundle.coverage()
  const leaves = bundle.leaves()
  const job = bundle.job()
  return checkpoints.flatMap((step, i) => {
    const bytes = bundle.bytes(PATHS.checkpoint(step))
    const state = readStateAt(step, bytes, job)
    if (state.step !== step) return [fail(`checkpoint ${step} is of step ${state.step}`)]
    const last = i === checkpoints.length - 1
    const claimed = last ? leaves.at(-1)!.stateRootAfter : leaves[bounds[i]!]!.stateRootBefore
    const found = checkpointRoot(bytes)
    return found === claimed ? [] : [fail(`checkpoint ${step} is ${found}, the leaves claim ${claimed}`)]
  })
}

import { writeCheckpoint, writeModel } from '../canonical/checkpoint.ts'
import { evaluate, metricsBytes } from '../canonical/evaluate.ts'
import { initialState } from '../canonical/init.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import type { Hex } from '../hash/hex.ts'
import type { Replayer } from '../image/runImage.ts'
import type { CanonicalJob } from '../job.ts'
import { type JobState, modelBytesOf } from '../jobState.ts'
import { imageWork } from './imageWork.ts'
import type { BundleFiles } from './read.ts'
import { type Replayed, replayAll, requireTrainer } from './replayAll.ts'

/** What a bundle's work comes to when it is done again. All throw Undecidable where this machine cannot tell. */
export type Work = {
  /** root of the state that training begins with */
  initialRoot(): Hex
  replays(): Replayed[]
  /** metrics file of the last checkpoint on the held-out data; null for a run that did not reach its last step */
  metrics(): Uint8Array | null
  /** model file of the last checkpoint, which needs no replay; null likewise */
  model(): Uint8Array | null
}

/** The work of a bundle, to be done by this package's trainer or by the image that the job names. */
export function openWork(bundle: BundleFiles, replayer: Replayer | undefined): Work {
  const job = bundle.job()
  const lastState = () => {
    const { complete, steps } = bundle.coverage()
    return complete ? bundle.checkpoint(steps) : null
  }
  const model = () => {
    const state = lastState()
    if (!state) return null
    return 'tensors' in state ? modelBytesOf(state) : writeModel(state)
  }
  const resumedRoot = bundle.order().resumed?.stateRoot
  const work = job.version === 2 ? imageWork(bundle, job, replayer) : canonicalWork(bundle, job, lastState)
  return { ...work, model, ...(resumedRoot && { initialRoot: () => resumedRoot }) }
}

function canonicalWork(bundle: BundleFiles, job: CanonicalJob, lastState: () => JobState | null) {
  return {
    initialRoot() {
      requireTrainer(bundle)
      return checkpointRoot(writeCheckpoint(initialState(job)))
    },
    replays: () => replayAll(bundle, job),
    metrics() {
      const state = lastState()
      if (!state || 'tensors' in state) return null
      requireTrainer(bundle)
      return metricsBytes(evaluate(job.model.layers, state.params, bundle.heldOut()))
    },
  }
}

import { readSafetensors, SafetensorsInvalid, writeSafetensors } from '../canonical/safetensors.ts'
import { toHex } from '../hash/hex.ts'
import { stateRoot } from '../hash/stateRoot.ts'
import type { Job } from '../job.ts'
import { type JobState, readStateAt } from '../jobState.ts'

/** A state with the root that the seller committed, or what came instead. */
export type StateFinding =
  | { readonly kind: 'state'; readonly state: JobState }
  /** as good as not served; silent: nobody answered at all */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly silent?: boolean }
  /** the committed root stands for tensors that are no state of this job at this step */
  | { readonly kind: 'unusable'; readonly reason: string }

/** Longest a checkpoint file of this job can be: what it says, or parameters and momenta as float32, and a header. */
export function maxCheckpointBytes(job: Job): number {
  if (job.version === 2) return job.checkpointBytes
  const { layers } = job.model
  const parameters = layers.slice(1).reduce((sum, units, i) => sum + units * (layers[i]! + 1), 0)
  return 2 * 4 * parameters + 64 * 1024
}

/** Reads a served checkpoint file against the root that was committed for it. */
export function readState(bytes: Uint8Array, root: string, step: number, job: Job): StateFinding {
  try {
    const tensors = readSafetensors(bytes)
    if (toHex(stateRoot(tensors)) !== root) {
      return { kind: 'unavailable', reason: `the checkpoint served for step ${step} has another state root` }
    }
    return usable(writeSafetensors(tensors), step, job)
  } catch (error) {
    if (!(error instanceof SafetensorsInvalid)) throw error
    return {
      kind: 'unavailable',
      reason: `the checkpoint served for step ${step} is malformed: ${error.message}`,
    }
  }
}

/** The file was brought into its only valid form first: the root covers tensors, not the way they are laid out. */
function usable(canonical: Uint8Array, step: number, job: Job): StateFinding {
  try {
    const state = readStateAt(step, canonical, job)
    if (state.step === step) return { kind: 'state', state }
    return {
      kind: 'unusable',
      reason: `the committed state of step ${step} says it is of step ${state.step}`,
    }
  } catch (error) {
    if (!(error instanceof SafetensorsInvalid)) throw error
    return { kind: 'unusable', reason: `the committed state of step ${step} is none: ${error.message}` }
  }
}

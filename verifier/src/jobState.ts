import { readCheckpoint, scalarsBytes, stateTensors } from './canonical/checkpoint.ts'
import { readSafetensors, SafetensorsInvalid, writeSafetensors } from './canonical/safetensors.ts'
import type { Tensor } from './canonical/tensor.ts'
import type { TrainState } from './canonical/types.ts'
import type { Job } from './job.ts'

/** A state of an image's job: whatever tensors its program keeps, and the counters that `scalars` holds. */
export type ImageState = {
  step: number
  epoch: number
  cursor: number
  /** all of them, `scalars` included, in byte order of their names */
  tensors: readonly Tensor[]
}

export type JobState = TrainState | ImageState

/** All tensors of a state, as they lie in its checkpoint file. */
export function tensorsOf(state: JobState): readonly Tensor[] {
  return 'tensors' in state ? state.tensors : stateTensors(state)
}

/** Bytes of a state's checkpoint: one state has one file. */
export function checkpointBytesOf(state: JobState): Uint8Array {
  return writeSafetensors(tensorsOf(state))
}

/**
 * Reads a checkpoint of a job, in the one form that its state is written in. Of an image's job, only the program
 * knows which tensors belong in it: it refuses others when it is run. Throws SafetensorsInvalid.
 */
export function readJobState(bytes: Uint8Array, job: Job): JobState {
  return job.version === 1 ? readCheckpoint(bytes, job.model.layers) : readImageState(bytes)
}

/**
 * As readJobState, of the checkpoint after `step` steps. An order that resumes another's begins with that one's
 * checkpoint as it is; what was learnt stays, and the counters begin anew. Throws SafetensorsInvalid.
 */
export function readStateAt(step: number, bytes: Uint8Array, job: Job): JobState {
  const state = readJobState(bytes, job)
  return step === 0 && job.resumeFrom ? { ...state, step: 0, epoch: 0, cursor: 0 } : state
}

/** Weights alone, which are what is delivered: neither counters nor the optimiser's tensors (opt.*). */
export function modelBytesOf(state: ImageState): Uint8Array {
  return writeSafetensors(state.tensors.filter(({ name }) => name !== 'scalars' && !name.startsWith('opt.')))
}

/** As readJobState, of an image's job. */
export function readImageState(bytes: Uint8Array): ImageState {
  const tensors = readSafetensors(bytes)
  if (Buffer.compare(writeSafetensors(tensors), bytes) !== 0) {
    throw new SafetensorsInvalid('not the form in which this state is written')
  }
  return { ...readCounters(tensors.find(({ name }) => name === 'scalars')), tensors }
}

function readCounters(tensor: Tensor | undefined): { step: number; epoch: number; cursor: number } {
  const small = tensor?.dtype === 'U8' && tensor.shape.length === 1 && tensor.bytes.length < 128
  const text = small ? new TextDecoder().decode(tensor.bytes) : ''
  const match = /^\{"cursor":(\d{1,15}),"epoch":(\d{1,15}),"step":(\d{1,15})\}$/.exec(text)
  const counters = { cursor: Number(match?.[1]), epoch: Number(match?.[2]), step: Number(match?.[3]) }
  if (!match || new TextDecoder().decode(scalarsBytes(counters)) !== text) {
    throw new SafetensorsInvalid('tensor scalars is missing or malformed')
  }
  return counters
}

import { scalarsBytes } from '../canonical/checkpoint.ts'
import { tensorRoot } from './tensorRoot.ts'

/** Root of a state's counters: the tensor root of its `scalars`. */
export function rngRoot(state: { step: number; epoch: number; cursor: number }): Uint8Array {
  return tensorRoot(scalarsBytes(state))
}

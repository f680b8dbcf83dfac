import { type JobState, tensorsOf } from '../jobState.ts'

/** The float32 tensors of a state that are delivered: neither momenta nor counters. */
export function weightsOf(state: JobState): Float32Array[] {
  if (!('tensors' in state)) return state.params
  return tensorsOf(state)
    .filter(({ dtype, name }) => dtype === 'F32' && !name.startsWith('opt.'))
    .map(({ bytes }) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      return new Float32Array(bytes.byteLength / 4).map((_, i) => view.getFloat32(4 * i, true))
    })
}

/** Euclidean distance of two states' weights, in float64; NaN if they have not the same tensors. */
export function distanceOf(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  if (a.length !== b.length) return Number.NaN
  let squares = 0
  for (const [i, values] of a.entries()) {
    const other = b[i]!
    if (other.length !== values.length) return Number.NaN
    for (let j = 0; j < values.length; j++) squares += (values[j]! - other[j]!) ** 2
  }
  return Math.sqrt(squares)
}

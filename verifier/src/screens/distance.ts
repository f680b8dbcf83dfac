import type { TrainState } from '../canonical/types.ts'

/** Euclidean distance of two states' weights and biases, in float64. */
export function distance(a: TrainState, b: TrainState): number {
  let squares = 0
  for (const [i, values] of a.params.entries()) {
    const other = b.params[i]!
    for (let j = 0; j < values.length; j++) squares += (values[j]! - other[j]!) ** 2
  }
  return Math.sqrt(squares)
}

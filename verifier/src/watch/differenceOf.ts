import { stateTensors } from '../canonical/checkpoint.ts'
import type { TrainState } from '../canonical/types.ts'
import type { SegmentReport } from './report.ts'

export type Difference = {
  readonly tensors: SegmentReport['tensors']
  /** over all tensors */
  readonly d: number | null
}

/**
 * How far a claimed state is from the replayed one: per tensor the largest absolute difference and
 * d = ||replayed - claimed|| / ||replayed - before||, Euclidean norms in float64 (as in Jia et al. 2021, sec. IV).
 * null where there is no such number: nothing was learnt, or the claim is not finite.
 */
export function differenceOf(replayed: TrainState, claimed: TrainState, before: TrainState): Difference {
  let squares = 0
  let moved = 0
  const names = floatNames(replayed)
  const tensors = names.map((name, i) => {
    const now = floats(replayed, i)
    const off = compare(now, floats(claimed, i))
    const step = compare(now, floats(before, i))
    squares += off.squares
    moved += step.squares
    return { name, maxAbs: finite(off.maxAbs), d: ratio(off.squares, step.squares) }
  })
  return { tensors: tensors.filter(({ maxAbs }) => maxAbs !== 0), d: ratio(squares, moved) }
}

function floatNames(state: TrainState): string[] {
  return stateTensors(state)
    .filter(({ dtype }) => dtype === 'F32')
    .map(({ name }) => name)
}

/** In the order of stateTensors: each parameter is followed by its momentum. */
function floats(state: TrainState, index: number): Float32Array {
  const list = index % 2 === 0 ? state.params : state.momenta
  return list[index >> 1]!
}

function compare(a: Float32Array, b: Float32Array): { squares: number; maxAbs: number } {
  let squares = 0
  let maxAbs = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    squares += difference * difference
    // NaN stays: no comparison with it is true.
    if (difference > maxAbs || Number.isNaN(difference)) maxAbs = difference
  }
  return { squares, maxAbs }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function ratio(squares: number, movedSquares: number): number | null {
  if (squares === 0) return 0
  return movedSquares === 0 ? null : finite(Math.sqrt(squares / movedSquares))
}

import type { Tensor } from '../canonical/tensor.ts'
import { type JobState, tensorsOf } from '../jobState.ts'
import type { SegmentReport } from './report.ts'

/** A report has room for this many. */
const MAX_TENSORS = 64

export type Difference = {
  readonly tensors: SegmentReport['tensors']
  /** over all tensors */
  readonly d: number | null
}

/**
 * How far a claimed state is from the replayed one: per float32 tensor the largest absolute difference and
 * d = ||replayed - claimed|| / ||replayed - before||, Euclidean norms in float64 (as in Jia et al. 2021, sec. IV).
 * null where there is no such number: nothing was learnt, or the claim is not finite or has no such tensor.
 */
export function differenceOf(replayed: JobState, claimed: JobState, before: JobState): Difference {
  let squares = 0
  let moved = 0
  const [theirs, start] = [floatsOf(claimed), floatsOf(before)]
  const tensors = [...floatsOf(replayed)].map(([name, now]) => {
    const off = compare(now, theirs.get(name))
    const step = compare(now, start.get(name))
    squares += off.squares
    moved += step.squares
    return { name, maxAbs: finite(off.maxAbs), d: ratio(off.squares, step.squares) }
  })
  const different = tensors.filter(({ maxAbs }) => maxAbs !== 0)
  return { tensors: different.slice(0, MAX_TENSORS), d: ratio(squares, moved) }
}

function floatsOf(state: JobState): Map<string, Float32Array> {
  const floats = tensorsOf(state).filter(({ dtype }) => dtype === 'F32')
  return new Map(floats.map((tensor) => [tensor.name, numbersOf(tensor)]))
}

function numbersOf({ bytes }: Tensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return new Float32Array(bytes.byteLength / 4).map((_, i) => view.getFloat32(4 * i, true))
}

function compare(a: Float32Array, b: Float32Array | undefined): { squares: number; maxAbs: number } {
  if (b?.length !== a.length) return { squares: Number.NaN, maxAbs: Number.NaN }
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

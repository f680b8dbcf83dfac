import { exp32, log32 } from '../canonical/math.ts'
import { predict } from '../canonical/step.ts'
import type { DataSet, TrainState } from '../canonical/types.ts'
import { createWorkspace, loadBatch } from '../canonical/workspace.ts'

const ROWS = 64

/** Loss of each of these samples under a state, and whether its largest logit is the label's (the first of equals). */
export function forwardPass(
  layers: readonly number[],
  state: TrainState,
  data: DataSet,
  ids: readonly number[],
): { losses: Float64Array; right: boolean[] } {
  const work = createWorkspace(layers, ROWS, data)
  const classes = layers.at(-1)!
  const losses = new Float64Array(ids.length)
  const right: boolean[] = []
  for (let first = 0; first < ids.length; first += ROWS) {
    const rows = Math.min(ROWS, ids.length - first)
    for (let s = 0; s < rows; s++) work.batch[s] = ids[first + s]!
    loadBatch(work, data, rows)
    const logits = predict(work, state.params, rows)
    for (let s = 0; s < rows; s++) {
      const row = logits.subarray(s * classes, (s + 1) * classes)
      const label = work.labels[s]!
      const largest = row.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY)
      const sum = row.reduce((total, value) => total + exp32(Math.fround(value - largest)), 0)
      losses[first + s] = log32(Math.fround(sum)) - (row[label]! - largest)
      right.push(row.indexOf(largest) === label)
    }
  }
  return { losses, right }
}

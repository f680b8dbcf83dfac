import { byStretch, type ScreenResult, type ScreenRun } from './screenRun.ts'

const THRESHOLD = 5
const MIN_INPUTS = 8
const MAX_ROWS = 64

/**
 * Initial weights are independent of each other. Statistic: over all pairs of a matrix's first 64 rows, (sum of n r^2 -
 * pairs) / sqrt(2 pairs) with r their correlation, about normal if rows are independent; the largest over matrices.
 */
export function screenInitialIndependence({ job, states, bounds }: ScreenRun): ScreenResult {
  const { layers } = job.model
  const statistics = states[0]!.params.flatMap((values, i) => {
    const inputs = layers[i >> 1]!
    const rows = Math.min(MAX_ROWS, layers[(i >> 1) + 1]!)
    if (i % 2 === 1 || inputs < MIN_INPUTS || rows < 2) return []
    const unit = Array.from({ length: rows }, (_, row) =>
      unitRow(values.subarray(row * inputs, (row + 1) * inputs)),
    )
    return [excess(unit, inputs)]
  })
  const largest = statistics.length === 0 ? null : Math.max(...statistics)
  return byStretch('initial-independence', THRESHOLD, [largest], bounds)
}

function excess(rows: readonly Float64Array[], inputs: number): number {
  let sum = 0
  let pairs = 0
  for (const [i, row] of rows.entries()) {
    for (const other of rows.slice(0, i)) {
      sum += (inputs - 1) * dot(row, other) ** 2
      pairs++
    }
  }
  return (sum - pairs) / Math.sqrt(2 * pairs)
}

/** The row less its mean, divided by its length. A row of one value gives a row of zeroes. */
function unitRow(values: Float32Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const centred = Float64Array.from(values, (value) => value - mean)
  const length = Math.sqrt(dot(centred, centred))
  return length === 0 ? centred : centred.map((value) => value / length)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

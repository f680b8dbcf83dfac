/** One thing that was measured some times over: the median, and how far the runs lie apart. */
export type Figure = {
  id: 'training' | 'matrix' | 'memory' | 'hashing' | 'disk' | 'storePut' | 'storeGet'
  median: number
  lowest: number
  highest: number
  runs: number
  unit: string
  what: string
}

/** Sums runs up. Throws RangeError without one. */
export function figureOf(about: Pick<Figure, 'id' | 'unit' | 'what'>, runs: readonly number[]): Figure {
  if (runs.length === 0) throw new RangeError('nothing was measured')
  const sorted = [...runs].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  const round = (value: number) => Number(value.toPrecision(4))
  return {
    ...about,
    median: round(median),
    lowest: round(sorted[0]!),
    highest: round(sorted.at(-1)!),
    runs: runs.length,
  }
}

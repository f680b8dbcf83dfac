/** Kolmogorov-Smirnov distance of two samples: the largest difference of their empirical distributions; 1 with NaN. */
export function ksDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [left, right] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()]
  if (Number.isNaN(left.at(-1)) || Number.isNaN(right.at(-1))) return 1 // sorted last, and equal to nothing
  let largest = 0
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const value = Math.min(left[i]!, right[j]!)
    while (i < left.length && left[i]! <= value) i++
    while (j < right.length && right[j]! <= value) j++
    largest = Math.max(largest, Math.abs(i / left.length - j / right.length))
  }
  return largest
}

/** Kolmogorov-Smirnov distance of a sample from the uniform distribution between -bound and bound. */
export function ksFromUniform(values: ArrayLike<number>, bound: number): number {
  const sorted = Float64Array.from(values).sort()
  let largest = 0
  for (const [i, value] of sorted.entries()) {
    const expected = Math.min(1, Math.max(0, (value / bound + 1) / 2))
    largest = Math.max(
      largest,
      Math.abs((i + 1) / sorted.length - expected),
      Math.abs(i / sorted.length - expected),
    )
  }
  return largest
}

/**
 * One-sided p-value that values of `a` tend to be larger than those of `b` by chance alone: Mann and Whitney 1947,
 * normal approximation with mid-ranks, tie and continuity corrections. For 8 values each and more.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, own: true })), ...b.map((value) => ({ value, own: false }))]
  all.sort((x, y) => x.value - y.value)
  let rankSum = 0
  let ties = 0
  for (let first = 0; first < all.length; ) {
    let end = first + 1
    while (end < all.length && all[end]!.value === all[first]!.value) end++
    const rank = (first + end + 1) / 2
    for (let i = first; i < end; i++) if (all[i]!.own) rankSum += rank
    ties += (end - first) ** 3 - (end - first)
    first = end
  }
  const [n, m, N] = [a.length, b.length, all.length]
  const u = rankSum - (n * (n + 1)) / 2
  const variance = ((n * m) / 12) * (N + 1 - ties / (N * (N - 1)))
  if (!(variance > 0)) return 1
  return upperTail((u - (n * m) / 2 - 0.5) / Math.sqrt(variance))
}

/** p-value of several independent ones together (Fisher 1925): chi-squared with two degrees of freedom each. */
export function fisherCombined(pValues: readonly number[]): number {
  const half = pValues.reduce((sum, p) => sum - Math.log(Math.max(p, 1e-300)), 0)
  let term = Math.exp(-half)
  let sum = term
  for (let i = 1; i < pValues.length; i++) {
    term *= half / i
    sum += term
  }
  return Math.min(1, sum)
}

/** Chance that a standard normal variable exceeds z (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
export function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z)
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2)
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return 0.5 * poly * Math.exp((-z * z) / 2)
}

/** Middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

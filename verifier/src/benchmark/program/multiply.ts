/** sums = a x state, each sum in float32; exact, since no sum reaches 2^24 (see workload.ts). */
export function multiply(a: Float32Array, state: Float32Array, sums: Float32Array, size: number): void {
  sums.fill(0)
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < size; k += 4) addFourRows(a, state, sums, size, row, k)
  }
}

/** Adds four terms to each sum of a row: one load and store of the sum for four products. */
function addFourRows(
  a: Float32Array,
  state: Float32Array,
  sums: Float32Array,
  size: number,
  row: number,
  k: number,
): void {
  const at = row * size
  const a0 = a[at + k]!
  const a1 = a[at + k + 1]!
  const a2 = a[at + k + 2]!
  const a3 = a[at + k + 3]!
  const s0 = k * size
  const s1 = s0 + size
  const s2 = s1 + size
  const s3 = s2 + size
  for (let j = 0; j < size; j++) {
    const sum = a0 * state[s0 + j]! + a1 * state[s1 + j]! + a2 * state[s2 + j]! + a3 * state[s3 + j]!
    sums[at + j] = sums[at + j]! + sum
  }
}

import { randomBytes } from 'node:crypto'
import { leafHash, rootFrom } from './hashTree.ts'
import type { Opening } from './runBenchmark.ts'
import { bytesOf, choiceOf, MODULUS, matrixOf, SHIFT, type Workload } from './workload.ts'

/** A wrong product passes one vector with a chance of 1/17, sixteen with 2^-65. */
const VECTORS = 16

/**
 * Whether one sampled product holds: both states are in the tree, the first is the seed's, and the product is right modulo
 * 17 by Freivalds' test (1977): A(Sr) = (AS)r for random r, which costs size^2 instead of size^3.
 * Says what is wrong, or undefined.
 */
export function checkOpening(
  workload: Workload,
  claim: { iterations: number; root: Uint8Array },
  opening: Opening,
): string | undefined {
  const { size, matrices } = workload
  const bytes = size * size
  if (opening.before.length !== bytes || opening.after.length !== bytes) return 'a state has the wrong size'
  const leaves = claim.iterations + 1
  const isIn = (state: Uint8Array, path: readonly Uint8Array[], index: number) =>
    isSame(rootFrom(leafHash(state), path, index, leaves), claim.root)
  if (!isIn(opening.before, opening.pathBefore, opening.index)) return 'the state before is not in the tree'
  if (!isIn(opening.after, opening.pathAfter, opening.index + 1)) return 'the state after is not in the tree'
  const before = signed(opening.before)
  const after = signed(opening.after)
  if (![...before, ...after].every((entry) => entry >= -SHIFT && entry <= SHIFT))
    return 'an entry is too large'
  if (opening.index === 0 && !isSame(opening.before, bytesOf(matrixOf(workload, -1)))) {
    return 'the first state is not the one of this seed'
  }
  const matrix = matrixOf(workload, choiceOf(before, matrices))
  for (let t = 0; t < VECTORS; t++) {
    if (!holds(matrix, before, after, size)) return 'the product is wrong'
  }
  return undefined
}

/** One vector; all numbers stay below 17 * 17 * size. */
function holds(matrix: Int8Array, before: Int8Array, after: Int8Array, size: number): boolean {
  const random = Float64Array.from(randomBytes(size), (byte) => byte % MODULUS)
  const right = times(matrix, times(before, random, size, 0), size, 0)
  const left = times(after, random, size, SHIFT)
  return left.every((value, i) => value === right[i])
}

/** (matrix + shift) x vector, modulo 17. */
function times(matrix: Int8Array, vector: Float64Array, size: number, shift: number): Float64Array {
  const result = new Float64Array(size)
  for (let row = 0; row < size; row++) {
    let sum = 0
    for (let k = 0; k < size; k++) sum += (matrix[row * size + k]! + shift) * vector[k]!
    result[row] = ((sum % MODULUS) + MODULUS) % MODULUS
  }
  return result
}

function signed(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i])
}

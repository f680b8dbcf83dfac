import { leafHash, pathOf, rootOf } from './hashTree.ts'
import { multiply } from './multiply.ts'
import { bytesOf, choiceOf, fold, matrixOf, type Workload } from './workload.ts'

const KEEP_EVERY = 32
/** Of float32 matrices; more are made again when they are needed. */
const MAX_STATES = 2 ** 20

export type Opening = {
  index: number
  before: Uint8Array
  after: Uint8Array
  pathBefore: Uint8Array[]
  pathAfter: Uint8Array[]
}

export type BenchmarkRun = {
  readonly workload: Workload
  readonly iterations: number
  readonly root: Uint8Array
  /** States before and after product `index`, with their paths. */
  readonly open: (index: number) => Opening
}

/**
 * Multiplies until `isOver` says so (asked after each product), at least once. Every 32nd state is kept; the others are
 * computed again when they are asked for.
 */
export function runBenchmark(workload: Workload, isOver: (iterations: number) => boolean): BenchmarkRun {
  const step = createStepper(workload)
  let state = matrixOf(workload, -1)
  const kept = [state]
  const hashes = [leafHash(bytesOf(state))]
  let iterations = 0
  do {
    state = step(state)
    iterations += 1
    if (iterations % KEEP_EVERY === 0) kept.push(state)
    hashes.push(leafHash(bytesOf(state)))
  } while (!isOver(iterations) && iterations < MAX_STATES)
  const stateAt = (index: number) => {
    let found = kept[Math.floor(index / KEEP_EVERY)]!
    for (let i = 0; i < index % KEEP_EVERY; i++) found = step(found)
    return found
  }
  const open = (index: number): Opening => {
    const before = stateAt(index)
    return {
      index,
      before: bytesOf(before),
      after: bytesOf(step(before)),
      pathBefore: pathOf(hashes, index),
      pathAfter: pathOf(hashes, index + 1),
    }
  }
  return { workload, iterations, root: rootOf(hashes), open }
}

/** All matrices stay in memory, as the workload asks. */
function createStepper(workload: Workload): (state: Int8Array) => Int8Array {
  const { size, matrices } = workload
  const all = Array.from({ length: matrices }, (_, j) => Float32Array.from(matrixOf(workload, j)))
  const wide = new Float32Array(size * size)
  const sums = new Float32Array(size * size)
  return (state) => {
    wide.set(state)
    multiply(all[choiceOf(state, matrices)]!, wide, sums, size)
    const next = new Int8Array(size * size)
    fold(sums, next)
    return next
  }
}

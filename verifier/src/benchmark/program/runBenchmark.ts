import { leafHash, pathOf, rootOf, sha256, treeOf } from './hashTree.ts'
import { multiply } from './multiply.ts'
import {
  choiceOf,
  choosingState,
  firstState,
  foldOne,
  GRID,
  stateRoot,
  tilesOf,
  type Workload,
} from './workload.ts'

const KEEP_EVERY = 32
const MAX_PRODUCTS = 2 ** 24

/** One tile of one product. */
export type Sample = { readonly index: number; readonly tile: number }

/** A state's place in the tree: the hashes of its tiles, and the path of their root. */
export type Place = { hashes: Uint8Array[]; path: Uint8Array[] }

/** What shows that one tile of a product is right. */
export type Opening = Sample & {
  /** Row of tiles of the matrix that it multiplied by, column of tiles of the state before, tile of the state after. */
  left: Uint8Array[]
  right: Uint8Array[]
  result: Uint8Array
  places: { left: Place; right: Place; result: Place }
  /** Root of the state that chose the matrix, and its path. */
  choosing: { root: Uint8Array; path: Uint8Array[] }
}

export type BenchmarkRun = {
  readonly workload: Workload
  readonly products: number
  readonly root: Uint8Array
  readonly open: (sample: Sample) => Opening
}

/**
 * Multiplies until `isOver` says so (asked after each product), at least once. The first states fill the memory; of the
 * later ones every 32nd is kept, and those between are computed again when they are asked for.
 * @param matricesFor how many states stay in memory, asked once, with products done by then; 1 to what is there or more
 */
export function runBenchmark(
  about: Omit<Workload, 'matrices'>,
  matricesFor: { after: number; choose: () => number },
  isOver: (products: number) => boolean,
): BenchmarkRun {
  const { size } = about
  const first = firstState(about)
  const memory = [first]
  const kept = new Map<number, Int8Array>()
  const roots = [rootOfState(first, size)]
  const step = createStepper(size)
  let matrices = Number.MAX_SAFE_INTEGER
  let state = first
  let products = 0
  const next = (from: Int8Array, index: number) =>
    step(memory[choiceOf(roots[choosingState(index)]!, index, matrices)]!, from)
  do {
    if (products === matricesFor.after) matrices = Math.max(products + 1, matricesFor.choose())
    state = next(state, products++)
    if (products < matrices) memory.push(state)
    else if (products % KEEP_EVERY === 0) kept.set(products, state)
    roots.push(rootOfState(state, size))
  } while (!isOver(products) && products < MAX_PRODUCTS)
  const tree = treeOf(roots.map(leafHash))

  const stateAt = (index: number) => {
    if (index < memory.length) return memory[index]!
    let from = index - (index % KEEP_EVERY)
    if (!kept.has(from)) from = memory.length - 1
    let found = kept.get(from) ?? memory[from]!
    for (let i = from; i < index; i++) found = next(found, i)
    return found
  }
  const open = ({ index, tile }: Sample): Opening => {
    const choosing = choosingState(index)
    const chosen = choiceOf(roots[choosing]!, index, matrices)
    const before = stateAt(index)
    const tiles = [memory[chosen]!, before, next(before, index)].map((one) => tilesOf(one, size))
    const [left, right, result] = tiles as [Uint8Array[], Uint8Array[], Uint8Array[]]
    const place = (of: Uint8Array[], at: number) => ({
      hashes: of.map((one) => sha256(one)),
      path: pathOf(tree, at),
    })
    const row = Math.floor(tile / GRID)
    return {
      index,
      tile,
      left: left.slice(row * GRID, (row + 1) * GRID),
      right: right.filter((_, t) => t % GRID === tile % GRID),
      result: result[tile]!,
      places: { left: place(left, chosen), right: place(right, index), result: place(result, index + 1) },
      choosing: { root: roots[choosing]!, path: pathOf(tree, choosing) },
    }
  }
  const filled = Math.min(matrices, memory.length)
  return { workload: { ...about, matrices: filled }, products, root: rootOf(tree), open }
}

function rootOfState(state: Int8Array, size: number): Uint8Array {
  return stateRoot(tilesOf(state, size).map((tile) => sha256(tile)))
}

function createStepper(size: number): (left: Int8Array, state: Int8Array) => Int8Array {
  const a = new Float32Array(size * size)
  const b = new Float32Array(size * size)
  const sums = new Float32Array(size * size)
  return (left, state) => {
    a.set(left)
    b.set(state)
    multiply(a, b, sums, size)
    return Int8Array.from(sums, foldOne)
  }
}

import { id } from 'ethers'
import { expect, test } from 'vitest'
import { type Evidence, readEvidence } from '../../../verifier/src/benchmark/evidence.ts'
import { judgeBenchmark } from '../../../verifier/src/benchmark/judgeBenchmark.ts'
import {
  leafHash,
  pathOf,
  rootFrom,
  rootOf,
  sha256,
  treeOf,
} from '../../../verifier/src/benchmark/program/hashTree.ts'
import { multiply } from '../../../verifier/src/benchmark/program/multiply.ts'
import {
  type BenchmarkRun,
  type Opening,
  runBenchmark,
  type Sample,
} from '../../../verifier/src/benchmark/program/runBenchmark.ts'
import {
  choiceOf,
  choosingState,
  firstState,
  foldOne,
  GRID,
  LARGEST,
  MAX_SIZE,
  MODULUS,
  matricesIn,
  operationsOf,
  stateRoot,
  tilesOf,
} from '../../../verifier/src/benchmark/program/workload.ts'
import { machineSeed, samplesOf } from '../../../verifier/src/benchmark/samplesOf.ts'
import { toHex } from '../../../verifier/src/hash/hex.ts'
import { merkleRoot } from '../../../verifier/src/hash/merkle.ts'

const SIZE = 64
const MEMORY_MIB = 1
const MATRICES = 256
const PRODUCTS = 520
const seed = machineSeed(id('round'), 7n)
const sampleSeed = id('sample')
const run = measured({})

type Claim = { products: number; root: Uint8Array; memoryMiB?: number; open: (sample: Sample) => Opening }

function measured(other: { seed?: string; matrices?: number }): BenchmarkRun {
  const choose = { after: 8, choose: () => other.matrices ?? MATRICES }
  return runBenchmark({ size: SIZE, seed: other.seed ?? seed }, choose, (products) => products === PRODUCTS)
}

function judge(claim: Claim, of: string = seed) {
  const { products, root, memoryMiB = MEMORY_MIB, open } = claim
  const openings = samplesOf(sampleSeed, products).map((sample) => open(sample))
  const whole = { size: SIZE, memoryMiB, products, root, precisions: [] }
  return judgeBenchmark(of, whole, sampleSeed, { openings, precisions: [] })
}

/** As a cheat that keeps the tree honest over whatever states it has. */
function forged(states: readonly Int8Array[]): Claim {
  const tiles = states.map((state) => tilesOf(state, SIZE))
  const hashes = tiles.map((of) => of.map((tile) => sha256(tile)))
  const roots = hashes.map(stateRoot)
  const tree = treeOf(roots.map(leafHash))
  const place = (at: number) => ({ hashes: hashes[at]!, path: pathOf(tree, at) })
  const open = ({ index, tile }: Sample) => {
    const choosing = choosingState(index)
    const left = choiceOf(roots[choosing]!, index, MATRICES)
    const row = Math.floor(tile / GRID)
    return {
      ...{ index, tile },
      left: tiles[left]!.slice(row * GRID, (row + 1) * GRID),
      right: tiles[index]!.filter((_, t) => t % GRID === tile % GRID),
      result: tiles[index + 1]![tile]!,
      places: { left: place(left), right: place(index), result: place(index + 1) },
      choosing: { root: roots[choosing]!, path: pathOf(tree, choosing) },
    }
  }
  return { root: rootOf(tree), products: states.length - 1, open }
}

/** All states, computed here again; `spoil` may change each before the next one follows from it. */
function statesBy(spoil: (state: Int8Array, number: number) => Int8Array): Int8Array[] {
  const states = [firstState({ seed, size: SIZE })]
  const roots: Uint8Array[] = []
  const rootOfState = (state: Int8Array) => stateRoot(tilesOf(state, SIZE).map((tile) => sha256(tile)))
  for (let index = 0; index < PRODUCTS; index++) {
    roots.push(rootOfState(states[index]!))
    const left = states[choiceOf(roots[choosingState(index)]!, index, MATRICES)]!
    const sums = new Float32Array(SIZE * SIZE)
    multiply(Float32Array.from(left), Float32Array.from(states[index]!), sums, SIZE)
    states.push(spoil(Int8Array.from(sums, foldOne), index + 1))
  }
  return states
}

test('default: what was computed passes, whatever is sampled', () => {
  expect(judge(run)).toBeUndefined()
  expect(run.products).toBe(PRODUCTS)
  expect(run.workload.matrices).toBe(MATRICES)
  for (let draw = 0; draw < 8; draw++) {
    for (const sample of samplesOf(id(`draw ${draw}`), PRODUCTS))
      expect(run.open(sample).index).toBe(sample.index)
  }
})

test('behavior: the same states by another way, so one right result', () => {
  expect(toHex(forged(statesBy((state) => state)).root)).toBe(toHex(run.root))
  expect(toHex(measured({ seed: machineSeed(id('round'), 8n) }).root)).not.toBe(toHex(run.root))
})

test('behavior: evidence as a machine writes it', () => {
  const openings = samplesOf(sampleSeed, PRODUCTS).map((sample) => run.open(sample))
  const text = JSON.stringify({ version: 2, openings, precisions: [] }, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  )
  const read = readEvidence(new TextEncoder().encode(text), SIZE, 0)
  const claim = { ...run, size: SIZE, memoryMiB: MEMORY_MIB, precisions: [] }
  expect(judgeBenchmark(seed, claim, sampleSeed, read)).toBeUndefined()
  expect(() => readEvidence(new TextEncoder().encode(text.replace('"left"', '"lift"')), SIZE, 0)).toThrow(
    /lift|left/,
  )
})

test('behavior: operations, memory, and sums that fit in 24 bits', () => {
  expect(operationsOf(256)).toBe(33_554_432)
  expect(matricesIn(64, 256)).toBe(1_024)
  expect(LARGEST * LARGEST * MAX_SIZE).toBeLessThan(2 ** 24)
  const powers = new Set(Array.from({ length: MODULUS }, (_, sum) => foldOne(sum)))
  expect(powers.size).toBe(MODULUS)
  expect(foldOne(-1)).toBe(foldOne(MODULUS - 1))
})

/**
 * What a product costs a machine that keeps a share of the matrices: those it lacks it makes again from the one before and
 * from what that was multiplied by, which it may lack too. Counted on the choices of a long run, each chosen as if by chance.
 */
test.for([
  { keepEvery: 1, least: 1, most: 1 },
  { keepEvery: 2, least: 1.9, most: 2.2 },
  { keepEvery: 3, least: 5, most: Number.POSITIVE_INFINITY },
  { keepEvery: 4, least: 20, most: Number.POSITIVE_INFINITY },
])(
  'behavior: keeping every state number $keepEvery costs $least products or more',
  ({ keepEvery, least, most }) => {
    const matrices = 4_096
    const chosen = (index: number) => choiceOf(sha256(Buffer.from(`state ${index}`)), index, matrices)
    const limit = 2_000
    const costOf = (state: number, budget: number): number => {
      if (state % keepEvery === 0 || budget <= 0) return 0
      const before = costOf(state - 1, budget - 1)
      return 1 + before + costOf(chosen(state - 1), budget - 1 - before)
    }
    let products = 0
    const tries = 2_000
    for (let i = 0; i < tries; i++) products += 1 + costOf(chosen(matrices + i), limit)
    expect(products / tries).toBeGreaterThanOrEqual(least)
    expect(products / tries).toBeLessThanOrEqual(most)
  },
)

test('error: a replayed benchmark belongs to another seed', () => {
  expect(judge(run, machineSeed(id('next round'), 7n))).toMatch(/first state is not the one of this seed/)
})

test("error: another machine's benchmark", () => {
  expect(judge(run, machineSeed(id('round'), 9n))).toMatch(/not the one of this seed/)
})

test('error: products made up from the middle on, though the tree is right', () => {
  const made = (state: Int8Array, number: number) =>
    number < PRODUCTS / 2 ? state : state.map((e) => -e || 1)
  expect(judge(forged(statesBy(made)))).toMatch(/the product is wrong/)
})

test('error: one entry of each tile is off by one', () => {
  const off = (state: Int8Array) =>
    state.map((entry, i) => (i % (SIZE / GRID) === 0 ? (entry === LARGEST ? entry - 1 : entry + 1) : entry))
  expect(judge(forged(statesBy(off)))).toMatch(/the product is wrong/)
})

test('error: fewer matrices in memory than it says', () => {
  expect(judge(measured({ matrices: 16 }))).toMatch(/is not in the tree|the product is wrong/)
  expect(judge({ ...run, memoryMiB: 2 })).toMatch(/too few products for that much memory/)
  expect(judge({ ...run, memoryMiB: 0 })).toMatch(/filled no memory/)
})

test('error: it kept fewer matrices, and shows a choice that would have taken what it has', () => {
  const less = measured({ matrices: 16 })
  const open = (sample: Sample) => {
    const opening = less.open(sample)
    const taken = choiceOf(opening.choosing.root, sample.index, 16)
    let root = opening.choosing.root
    for (let i = 0; choiceOf(root, sample.index, MATRICES) !== taken; i++)
      root = sha256(Buffer.from(`root ${i}`))
    return { ...opening, choosing: { ...opening.choosing, root } }
  }
  expect(judge({ ...less, open })).toMatch(/the state that chooses is not in the tree/)
})

test('error: more products are claimed than were done', () => {
  const open = ({ index, tile }: Sample) => run.open({ index: Math.min(index, PRODUCTS - 1), tile })
  expect(judge({ ...run, products: 2 * PRODUCTS, open })).toMatch(/not in the tree/)
})

test('error: an opening is missing, of another tile, too short, or has entries out of range', () => {
  const claim = { ...run, size: SIZE, memoryMiB: MEMORY_MIB, precisions: [] }
  expect(judgeBenchmark(seed, claim, sampleSeed, { openings: [], precisions: [] })).toMatch(/not opened/)
  expect(judgeBenchmark(seed, { ...claim, size: 100 }, sampleSeed, { openings: [], precisions: [] })).toMatch(
    /no such size/,
  )
  const other = ({ index, tile }: Sample) => run.open({ index, tile: (tile + 1) % 256 })
  expect(judge({ ...run, open: other })).toMatch(/not the one that was committed/)
  const short = (sample: Sample) => ({ ...run.open(sample), result: new Uint8Array(3) })
  expect(judge({ ...run, open: short })).toMatch(/wrong size/)
  const few = (sample: Sample) => ({ ...run.open(sample), left: [] })
  expect(judge({ ...run, open: few })).toMatch(/tiles are missing/)
  const more = (sample: Sample) => {
    const { places, ...opening } = run.open(sample)
    const { hashes, path } = places.left
    return { ...opening, places: { ...places, left: { hashes: [...hashes, hashes[0]!], path } } }
  }
  expect(judge({ ...run, open: more })).toMatch(/another number of tiles/)
  const large = statesBy((state) => state.map((entry) => (entry === 5 ? 5 + MODULUS - 256 : entry)))
  expect(judge(forged(large))).toMatch(/too large/)
})

test('error: exact products alone do not carry a claim of a precision', () => {
  const openings = samplesOf(sampleSeed, PRODUCTS).map((sample) => run.open(sample))
  const withClaim = (claim: { precision: number; products: number }, opened: Evidence['precisions']) => {
    const precisions = [{ ...claim, root: new Uint8Array(32) }]
    const whole = { ...run, size: SIZE, memoryMiB: MEMORY_MIB, precisions }
    return judgeBenchmark(seed, whole, sampleSeed, { openings, precisions: opened })
  }
  expect(withClaim({ precision: 0, products: 5 }, [])).toMatch(/fp32: product \d was not opened/)
  expect(withClaim({ precision: 2, products: 0 }, [[]])).toMatch(/bf16: no products/)
  const place = { hashes: Array.from({ length: 256 }, () => new Uint8Array(32)), path: [] }
  const made = Array.from({ length: 25 }, () => ({ index: 0, tile: 0, result: new Uint8Array(64), place }))
  expect(withClaim({ precision: 0, products: 5 }, [made])).toMatch(/fp32: .*not in the tree/)
  expect(withClaim({ precision: 9, products: 5 }, [made])).toMatch(
    /an unknown precision: .*no such precision/,
  )
})

test('hashTree: the tree of RFC 6962, and paths that lead to its root', () => {
  for (const count of [1, 2, 3, 5, 8, 13]) {
    const leaves = Array.from({ length: count }, (_, i) => Uint8Array.of(i))
    const tree = treeOf(leaves.map(leafHash))
    expect(toHex(rootOf(tree))).toBe(toHex(merkleRoot(leaves)))
    for (let i = 0; i < count; i++) {
      const hash = leafHash(leaves[i]!)
      expect(rootFrom(hash, pathOf(tree, i), i, count)).toEqual(rootOf(tree))
      expect(rootFrom(hash, [...pathOf(tree, i), hash], i, count)).toBeUndefined()
      expect(rootFrom(hash, pathOf(tree, i), i + count, count)).toBeUndefined()
    }
  }
})

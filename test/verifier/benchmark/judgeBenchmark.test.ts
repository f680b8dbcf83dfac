import { id } from 'ethers'
import { expect, test } from 'vitest'
import { leafHash, pathOf, rootFrom, rootOf } from '../../../verifier/src/benchmark/hashTree.ts'
import { judgeBenchmark } from '../../../verifier/src/benchmark/judgeBenchmark.ts'
import { type BenchmarkRun, runBenchmark } from '../../../verifier/src/benchmark/runBenchmark.ts'
import { machineSeed, samplesOf } from '../../../verifier/src/benchmark/samplesOf.ts'
import { matricesIn, operationsOf, type Workload } from '../../../verifier/src/benchmark/workload.ts'
import { toHex } from '../../../verifier/src/hash/hex.ts'
import { merkleRoot } from '../../../verifier/src/hash/merkle.ts'

const workload: Workload = { size: 32, matrices: 5, seed: machineSeed(id('round'), 7n) }
const sampleSeed = id('sample')
const run = runBenchmark(workload, (iterations) => iterations === 70)

function judge(facts: Partial<BenchmarkRun>, of: Workload = workload) {
  const claim = { ...run, ...facts }
  const openings = samplesOf(sampleSeed, claim.iterations).map((index) => claim.open(index))
  return judgeBenchmark(of, claim, sampleSeed, openings)
}

/** As a cheat that keeps the tree honest over whatever states it has. */
function forged(states: Uint8Array[]): Partial<BenchmarkRun> {
  const hashes = states.map(leafHash)
  return {
    root: rootOf(hashes),
    iterations: states.length - 1,
    open: (index) => ({
      index,
      before: states[index]!,
      after: states[index + 1]!,
      pathBefore: pathOf(hashes, index),
      pathAfter: pathOf(hashes, index + 1),
    }),
  }
}

function statesOf(other: BenchmarkRun): Uint8Array[] {
  const opened = Array.from({ length: other.iterations }, (_, i) => other.open(i))
  return [opened[0]!.before, ...opened.map(({ after }) => after)]
}

test('default: what was computed passes, whatever is sampled', () => {
  expect(judge({})).toBeUndefined()
  expect(run.iterations).toBe(70)
  expect(samplesOf(sampleSeed, 70)[0]).toBe(0)
})

test('behavior: the same seed gives the same states, in this order of operations or another', () => {
  expect(runBenchmark(workload, (iterations) => iterations === 70).root).toEqual(run.root)
  const other = { ...workload, seed: machineSeed(id('round'), 8n) }
  expect(runBenchmark(other, (iterations) => iterations === 70).root).not.toEqual(run.root)
})

test('behavior: operations and memory are those of the matrices', () => {
  expect(operationsOf(256)).toBe(33_554_432)
  expect(matricesIn(64, 256)).toBe(256)
  expect(matricesIn(0, 4096)).toBe(2)
})

test('error: a replayed benchmark belongs to another seed', () => {
  const next = { ...workload, seed: machineSeed(id('next round'), 7n) }
  expect(judge({}, next)).toMatch(/first state is not the one of this seed/)
})

test("error: another machine's benchmark", () => {
  expect(judge({}, { ...workload, seed: machineSeed(id('round'), 9n) })).toMatch(/not the one of this seed/)
})

test('error: products made up, though the tree is right', () => {
  const states = statesOf(run)
  const from = Math.floor(states.length / 2)
  for (let i = from; i < states.length; i++) states[i] = states[i]!.map((byte) => byte ^ 1)
  expect(judge(forged(states))).toMatch(/the product is wrong|too large/)
})

test('error: one entry of each state is off by one', () => {
  const states = statesOf(run).map((state, i) => {
    const changed = state.slice()
    if (i > 0) changed[i] = changed[i] === 8 ? 7 : 8
    return changed
  })
  expect(judge(forged(states))).toMatch(/the product is wrong/)
})

test('error: another matrix than the state chooses', () => {
  const fewer = runBenchmark({ ...workload, matrices: 1 }, (iterations) => iterations === 70)
  expect(judge(fewer)).toMatch(/the product is wrong/)
})

test('error: more products are claimed than were done', () => {
  const opened = samplesOf(sampleSeed, 140).map((index) => run.open(Math.min(index, 69)))
  const claim = { iterations: 140, root: run.root }
  expect(judgeBenchmark(workload, claim, sampleSeed, opened)).toMatch(/not in the tree|not opened/)
})

test('error: an opening is missing, too short, or has entries out of range', () => {
  expect(judgeBenchmark(workload, run, sampleSeed, [])).toMatch(/not opened/)
  const short = (index: number) => ({ ...run.open(index), before: new Uint8Array(3) })
  expect(judge({ open: short })).toMatch(/wrong size/)
  const states = statesOf(run).map((state) => state.map(() => 100))
  expect(judge(forged(states))).toMatch(/too large/)
})

test('hashTree: the tree of RFC 6962, and paths that lead to its root', () => {
  for (const count of [1, 2, 3, 5, 8, 13]) {
    const leaves = Array.from({ length: count }, (_, i) => Uint8Array.of(i))
    const hashes = leaves.map(leafHash)
    expect(toHex(rootOf(hashes))).toBe(toHex(merkleRoot(leaves)))
    for (let i = 0; i < count; i++) {
      expect(rootFrom(hashes[i]!, pathOf(hashes, i), i, count)).toEqual(rootOf(hashes))
      expect(rootFrom(hashes[i]!, [...pathOf(hashes, i), hashes[0]!], i, count)).not.toEqual(rootOf(hashes))
    }
  }
})

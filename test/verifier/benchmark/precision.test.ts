import { id } from 'ethers'
import { expect, test } from 'vitest'
import {
  checkPrecision,
  normalised,
  type Precision,
  type PrecisionOpening,
  precisions,
  seededColumn,
  seededRows,
} from '../../../verifier/src/benchmark/precision.ts'
import { leafHash, pathOf, rootOf, sha256, treeOf } from '../../../verifier/src/benchmark/program/hashTree.ts'
import type { Sample } from '../../../verifier/src/benchmark/program/runBenchmark.ts'
import { GRID, stateRoot } from '../../../verifier/src/benchmark/program/workload.ts'
import { machineSeed } from '../../../verifier/src/benchmark/samplesOf.ts'

const SIZE = 64
const SIDE = SIZE / GRID
const PRODUCTS = 3
const seed = machineSeed(id('round'), 7n)
const about = { seed, size: SIZE }

/** A number to so many bits of mantissa, to the nearest. */
function rounded(value: number, bits: number): number {
  if (value === 0) return 0
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits)
  return Math.round(value / step) * step
}

type Machine = {
  /** Bits to which it rounds operands; fewer than the precision's is a cheat. */
  bits?: number
  /** Terms of each sum that it computes. */
  terms?: number
  result?: (exact: number) => number
}

/** As a machine that multiplies and commits: what auditors are shown. */
function machine(number: number, { bits = 23, terms = SIZE, result }: Machine = {}) {
  const precision = precisions[number]!
  const whole = <T>(part: (at: number) => T) => Array.from({ length: GRID }, (_, at) => part(at))
  const rows = whole((row) => seededRows(precision, about, number, row))
  const a = Float64Array.from(rows.flatMap((part) => [...part]))
  const columns = whole((column) => seededColumn(precision, about, number, column))
  let b = new Float64Array(SIZE * SIZE).map((_, at) => {
    const [row, column] = [Math.floor(at / SIZE), at % SIZE]
    return columns[Math.floor(column / SIDE)]![row * SIDE + (column % SIDE)]!
  })
  const outputBits = precision.bytes === 4 ? 23 : precision.bits
  const states: Uint8Array[][] = []
  for (let k = 0; k < PRODUCTS; k++) {
    const c = new Float64Array(SIZE * SIZE).map((_, at) => {
      let sum = 0
      for (let t = 0; t < terms; t++) {
        const left = rounded(a[Math.floor(at / SIZE) * SIZE + t]!, bits)
        sum = Math.fround(sum + left * rounded(b[t * SIZE + (at % SIZE)]!, bits))
      }
      return result ? result(sum) : rounded(sum, outputBits)
    })
    states.push(tilesOf(precision, c))
    b = c.map((entry) => normalised(precision.bits, entry))
  }
  const hashes = states.map((tiles) => tiles.map((tile) => sha256(tile)))
  const tree = treeOf(hashes.map((of) => leafHash(stateRoot(of))))
  const place = (at: number) => ({ hashes: hashes[at]!, path: pathOf(tree, at) })
  const open = ({ index, tile }: Sample): PrecisionOpening => ({
    ...{ index, tile, result: states[index]![tile]!, place: place(index) },
    ...(index === 0
      ? {}
      : {
          before: {
            tiles: states[index - 1]!.filter((_, t) => t % GRID === tile % GRID),
            place: place(index - 1),
          },
        }),
  })
  return { claim: { precision: number, products: PRODUCTS, root: rootOf(tree) }, open }
}

function tilesOf({ bytes, name }: Precision, c: Float64Array): Uint8Array[] {
  return Array.from({ length: GRID * GRID }, (_, t) => {
    const tile = new DataView(new ArrayBuffer(SIDE * SIDE * bytes))
    for (let i = 0; i < SIDE * SIDE; i++) {
      const row = Math.floor(t / GRID) * SIDE + Math.floor(i / SIDE)
      write(name, tile, i * bytes, c[row * SIZE + (t % GRID) * SIDE + (i % SIDE)]!)
    }
    return new Uint8Array(tile.buffer)
  })
}

function write(name: Precision['name'], view: DataView, at: number, value: number): void {
  if (name === 'fp32' || name === 'tf32') {
    view.setFloat32(at, value, true)
    return
  }
  const wide = new DataView(new ArrayBuffer(4))
  wide.setFloat32(0, value)
  const word = wide.getUint32(0)
  const exponent = ((word >>> 23) & 255) - 127 + 15
  const half = ((word >>> 16) & 0x8000) | (exponent << 10) | ((word & 0x7fffff) >>> 13)
  view.setUint16(at, name === 'bf16' ? word >>> 16 : half, true)
}

function judge({ claim, open }: ReturnType<typeof machine>, of: typeof about = about): string | undefined {
  for (let index = 0; index < PRODUCTS; index++) {
    for (const tile of [0, 17, 255]) {
      const wrong = checkPrecision(of, claim, { index, tile }, open({ index, tile }))
      if (wrong) return wrong
    }
  }
  return undefined
}

test.for(precisions.map(({ name }, number) => ({ name, number })))(
  'default: $name, honestly',
  ({ number }) => {
    expect(judge(machine(number))).toBeUndefined()
  },
)

test.for([
  { name: 'fp32', number: 0, bits: 10, as: 'tf32' },
  { name: 'tf32', number: 1, bits: 7, as: 'bf16' },
  { name: 'bf16', number: 2, bits: 3, as: 'fp8 (e4m3)' },
  { name: 'fp16', number: 3, bits: 7, as: 'bf16' },
])('error: $name computed as $as, which is faster', ({ number, bits }) => {
  expect(judge(machine(number, { bits }))).toMatch(/the product is wrong: its error is/)
})

test.for([0, 1, 2, 3])('error: products of precision %i skipped, or a part of their terms', (number) => {
  expect(judge(machine(number, { terms: SIZE - 4 }))).toMatch(/the product is wrong/)
  expect(judge(machine(number, { result: () => 1 }))).toMatch(/the product is wrong/)
  expect(judge(machine(number, { result: () => 0 }))).toMatch(/the product is wrong/)
  expect(judge(machine(number, { result: () => Number.NaN }))).toMatch(/the product is wrong/)
})

test('error: of another seed, of another precision, or not what was committed', () => {
  const honest = machine(0)
  expect(judge(honest, { ...about, seed: machineSeed(id('next'), 7n) })).toMatch(/the product is wrong/)
  expect(judge({ ...honest, claim: { ...honest.claim, precision: 1 } })).toMatch(/the product is wrong/)
  expect(judge({ ...honest, claim: { ...honest.claim, precision: 4 } })).toMatch(/no such precision/)
  const spoilt = (change: (opening: PrecisionOpening) => PrecisionOpening) =>
    judge({ ...honest, open: (sample) => change(honest.open(sample)) })
  expect(spoilt((one) => ({ ...one, result: one.result.map((byte) => byte ^ 1) }))).toMatch(/was committed/)
  expect(spoilt((one) => ({ ...one, result: one.result.slice(1) }))).toMatch(/was committed/)
  expect(spoilt((one) => ({ ...one, before: undefined }))).toMatch(/result before is missing/)
  expect(spoilt((one) => ({ ...one, place: { ...one.place, path: [] } }))).toMatch(/not in the tree/)
  const elsewhere = (one: PrecisionOpening) =>
    one.before
      ? { ...one, before: { ...one.before, place: { ...one.before.place, path: [new Uint8Array(32)] } } }
      : one
  expect(spoilt(elsewhere)).toMatch(/result before is not in the tree/)
  const swapped = (one: PrecisionOpening) =>
    one.before ? { ...one, before: { ...one.before, tiles: one.before.tiles.toReversed() } } : one
  expect(spoilt(swapped)).toMatch(/result before is not the one/)
})

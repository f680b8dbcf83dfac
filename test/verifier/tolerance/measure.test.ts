import { bitsOf } from '@trainyard/verifier/canonical/math.ts'
import type { Tensor } from '@trainyard/verifier/canonical/tensor.ts'
import type { ImageState } from '@trainyard/verifier/jobState.ts'
import { drillDown } from '@trainyard/verifier/tolerance/drillDown.ts'
import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { judgeRun } from '@trainyard/verifier/tolerance/judgeRun.ts'
import { type Distance, measure, type Outcome } from '@trainyard/verifier/tolerance/measure.ts'
import { levelOf, type Profile, parseProfile } from '@trainyard/verifier/tolerance/profile.ts'
import { expect, test } from 'vitest'

const f32 = (name: string, ...values: number[]): Tensor => {
  return {
    name,
    dtype: 'F32',
    shape: [values.length],
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  }
}
const u8 = (name: string, ...values: number[]): Tensor => {
  return { name, dtype: 'U8', shape: [values.length], bytes: Uint8Array.from(values) }
}
const stateOf = (...tensors: Tensor[]): ImageState => ({ step: 1, epoch: 0, cursor: 0, tensors })
const outcome = (loss: number, ...tensors: Tensor[]): Outcome => {
  return { state: stateOf(...tensors), inner: [[bitsOf(loss), bitsOf(1)]] }
}
const before = stateOf(f32('w', 1, 1), u8('mask', 1))
const replayed = outcome(2, f32('w', 4, 5), u8('mask', 1)) // an update of (3, 4): norm 5

test('default: distances are relative to the update of the replay', () => {
  const claimed = outcome(2.5, f32('w', 4, 5.5), u8('mask', 1)) // an update of (3, 4.5)
  const { tensors, loss, steps, unequal } = measure(before, replayed, claimed)
  expect(tensors).toHaveLength(1)
  expect(tensors[0]!.name).toBe('w')
  expect(tensors[0]!.e).toBeCloseTo(0.1, 12)
  expect(tensors[0]!.progress).toBeCloseTo(Math.sqrt(9 + 20.25) / 5, 12)
  expect(tensors[0]!.cosine).toBeCloseTo(1 - 27 / (5 * Math.sqrt(29.25)), 12)
  expect({ loss, steps, unequal }).toEqual({ loss: 0.5, steps: 1, unequal: [] })
  expect(measure(before, replayed, replayed)).toMatchObject({
    tensors: [{ e: 0, cosine: 0, progress: 1 }],
    loss: 0,
  })
})

test('behavior: bfloat16 and float16 are numbers, too', () => {
  const half = (name: string, dtype: 'F16' | 'BF16', word: number): Tensor => {
    return { name, dtype, shape: [1], bytes: Uint8Array.from([word & 255, word >> 8]) }
  }
  // 1, 2 and 3 in each.
  for (const [dtype, one, two, three] of [
    ['F16', 0x3c00, 0x4000, 0x4200],
    ['BF16', 0x3f80, 0x4000, 0x4040],
  ] as const) {
    const at = (word: number) => outcome(0, half('h', dtype, word))
    const { tensors } = measure(at(one).state, at(two), at(three))
    expect(tensors).toEqual([{ name: 'h', e: 1, cosine: 0, progress: 2 }])
  }
})

test('error: what is not arithmetic must be equal, and what is not a number is infinitely far', () => {
  const found = (claimed: Outcome) => measure(before, replayed, claimed)
  expect(found(outcome(2, f32('w', 4, 5), u8('mask', 2))).unequal).toEqual(['tensor mask'])
  expect(found(outcome(2, f32('w', 4, 5))).unequal).toEqual(['tensor mask', 'the set of tensors'])
  expect(found(outcome(2, f32('w', 4, 5, 6), u8('mask', 1))).unequal).toEqual(['tensor w'])
  expect(found(outcome(2, f32('w', 4, 5), u8('mask', 1), u8('more'))).unequal).toEqual(['the set of tensors'])
  expect(found(outcome(2, f32('w', 4, Number.NaN), u8('mask', 1))).tensors[0]!.e).toBe(Infinity)
  expect(found(outcome(Number.NaN, f32('w', 4, 5), u8('mask', 1))).loss).toBe(Infinity)
  expect(found({ ...replayed, inner: [] }).unequal).toEqual(['the number of steps'])
})

test('behavior: a frozen tensor may not move at all', () => {
  const frozen = outcome(0, f32('w', 1))
  expect(measure(frozen.state, frozen, frozen).tensors).toEqual([{ name: 'w', e: 0, cosine: 0, progress: 1 }])
  expect(measure(frozen.state, frozen, outcome(0, f32('w', 1.0000001))).tensors[0]!.e).toBe(Infinity)
})

const distance = (e: number, changes: Partial<Distance> = {}): Distance => {
  return {
    steps: 4,
    tensors: [{ name: 'w', e, cosine: e / 10, progress: 1 }],
    loss: e / 100,
    unequal: [],
    ...changes,
  }
}
const honest = (n: number) => {
  const all = Array.from({ length: n }, (_, i) => distance((i + 1) / 1000))
  return [0, 1, 2].map((pair) => ({ pair: `p${pair}`, distances: all.filter((_, i) => i % 3 === pair) }))
}
/** Thresholds 0.299, 0.0299, 0.00299. */
const profile: Profile = {
  version: 1,
  alpha: 0.01,
  subject: `0x${'00'.repeat(32)}`,
  levels: [{ ...levelOf(honest(299), 0.01), thresholds: { e: 0.299, cosine: 0.0299, loss: 0.00299 } }],
}

test('default: thresholds are order statistics, widened', () => {
  // alpha 0.03 over three statistics: the ceil(1000 * 0.99) = 990th of 999.
  const { n, thresholds, pairs } = levelOf(honest(999), 0.03)
  expect({ n, e: thresholds.e }).toEqual({ n: 999, e: 5 * 0.99 })
  expect(thresholds.cosine).toBeCloseTo(25 * 0.099, 12)
  expect(pairs).toEqual([0, 1, 2].map((pair) => ({ name: `p${pair}`, n: 333 })))
  expect(parseProfile(new TextEncoder().encode(JSON.stringify(profile)))).toEqual(profile)
})

test('default: what is usual comes from the worst run, and is judged in runs that are long enough', () => {
  const run = (values: number[]) => ({ pair: 'p0', distances: values.map((e) => distance(e)) })
  const flat = (e: number) => Array.from({ length: 20 }, () => e)
  const { usual } = levelOf([...honest(299), run([...flat(0.4), ...flat(0.2), 0.8])], 0.01)
  expect({ half: usual.half.e, most: usual.most.e }).toEqual({ half: 5 * 0.4, most: 5 * 0.4 })
  expect(usual.half.cosine).toBeCloseTo(25 * 0.04, 12)

  const known: Profile = { ...profile, levels: [{ ...profile.levels[0]!, usual }] }
  expect(judgeRun(known, run(flat(2)).distances)).toEqual([])
  const near = [...flat(0).slice(2), 3, 3] // a tenth may be anything
  expect(judgeRun(known, run(near).distances)).toEqual([])
  const [why, ...others] = judgeRun(known, run([...near.slice(1), 3]).distances)
  expect(why).toBe('e is up to 3.00 in 90 % of 20 stretches, in honest runs up to 2.00')
  expect(others).toHaveLength(1) // its loss is a hundredth of it, its cosine a tenth: within 25 x 0.04
  expect(judgeRun(known, run(flat(3).slice(1)).distances)).toEqual([])
  expect(judgeRun(known, [...run(flat(3).slice(1)).distances, distance(3, { steps: 5 })])).toEqual([])
})

test('error: too few replays, pairs or steps, or one that is not honest', () => {
  expect(() => levelOf(honest(298), 0.01)).toThrow(/needs 299/)
  expect(levelOf(honest(299), 0.01).thresholds.e).toBe(5 * 0.299)
  expect(() => levelOf(honest(299).slice(1), 0.01)).toThrow(/2 pairs/)
  expect(() => levelOf([{ pair: 'a', distances: [distance(1, { steps: 11 })] }], 0.01)).toThrow(/11 steps/)
  const odd = { pair: 'p0', distances: [distance(0, { unequal: ['tensor mask'] })] }
  expect(() => levelOf([...honest(299), odd], 0.01)).toThrow(/differs in tensor mask/)
  const mixed = { pair: 'p0', distances: [distance(0, { steps: 3 })] }
  expect(() => levelOf([...honest(299), mixed], 0.01)).toThrow(/different lengths/)
  const wild = honest(299).map(({ pair }) => ({
    pair,
    distances: honest(299)[0]!.distances.map(() => distance(Infinity)),
  }))
  expect(() => levelOf(wild, 0.01)).toThrow(/no bound in e/)
})

test('default: equal, within, outside, unknown', () => {
  expect(judge(profile, distance(0)).word).toBe('equal')
  expect(judge(profile, distance(0.299))).toMatchObject({ word: 'within', reasons: [] })
  expect(judge(profile, distance(0.299)).margin).toBeCloseTo(1, 9)
  const far = judge(profile, distance(0.3))
  expect(far.word).toBe('outside')
  expect(far.reasons[0]).toBe('e is 0.300, honest up to 0.299')
  expect(judge(profile, distance(0.1, { steps: 5 })).word).toBe('unknown')
  expect(judge(profile, distance(0, { unequal: ['the batches of segment 3'] }))).toMatchObject({
    word: 'outside',
    reasons: ['the batches of segment 3 differs'],
  })
})

test('error: too little or too much learnt is outside, however near it is', () => {
  const moved = (progress: number) =>
    distance(0.001, { tensors: [{ name: 'w', e: 0.001, cosine: 0, progress }] })
  expect(judge(profile, moved(0.5)).word).toBe('within')
  expect(judge(profile, moved(0.49))).toMatchObject({
    word: 'outside',
    reasons: [expect.stringMatching(/0\.490 times/)],
  })
  expect(judge(profile, moved(2.01)).word).toBe('outside')
})

test('behavior: a drill-down names the first step that is outside, each judged from the claim before it', async () => {
  const single: Profile = { ...profile, levels: [{ ...profile.levels[0]!, steps: 1 }] }
  const at = (value: number) => outcome(0, f32('w', value))
  /** The honest step adds 1, in this machine's arithmetic 1.01. */
  const replayStep = async (from: { step: number }) => {
    const [w] = (from as ImageState).tensors
    return at(new Float32Array(w!.bytes.slice().buffer)[0]! + 1.01)
  }
  const start = stateOf(f32('w', 0))
  const steps = [1, 2, 3].map(at)
  expect(await drillDown(single, start, steps, replayStep)).toMatchObject({ step: null })
  const skipped = [at(1), at(1), at(2)]
  expect(await drillDown(single, start, skipped, replayStep)).toMatchObject({
    step: 2,
    verdict: { word: 'outside' },
  })
  // The profile knows four steps only: nothing is let through for that.
  expect(await drillDown(profile, start, steps, replayStep)).toMatchObject({
    step: 1,
    verdict: { word: 'unknown' },
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { bitsOf, floatOf } from '@trainyard/verifier/canonical/math.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { allPass } from '@trainyard/verifier/screens/allPass.ts'
import {
  isFlagged,
  SCREEN_IDS,
  type ScreenId,
  type ScreenRun,
} from '@trainyard/verifier/screens/screenRun.ts'
import { screens } from '@trainyard/verifier/screens/screens.ts'
import { expect, test } from 'vitest'
import { openWorld, SMALL } from '../redteam/world.ts'
import { screenRunOf } from './screenRunOf.ts'

const digits = join(import.meta.dirname, '../../../yard/samples/digits')
const files = {
  train: new Uint8Array(readFileSync(join(digits, 'train.safetensors'))),
  heldOut: new Uint8Array(readFileSync(join(digits, 'heldOut.safetensors'))),
}
const world = await openWorld({ ...SMALL, layers: [256, 24, 10], stepsPerSegment: 8, files }, 7)
const honest = screenRunOf(world, world.honest)

/** The run with one state as if its weights had been made from two others, element by element. */
function withState(at: number, weights: (own: number, next: number) => number): ScreenRun {
  const { states } = honest
  const [own, next] = [states[at]!, states[at + 1] ?? states[at]!]
  const params = own.params.map((values, i) => values.map((value, j) => weights(value, next.params[i]![j]!)))
  return { ...honest, states: states.with(at, { ...own, params }) }
}

/** Between the first and the last state, a straight line. */
function interpolated(): ScreenRun {
  const [first, last] = [honest.states[0]!, honest.states.at(-1)!]
  const states = honest.states.map((state, i): TrainState => {
    const share = i / (honest.states.length - 1)
    const params = first.params.map((values, t) =>
      values.map((value, j) => value + share * (last.params[t]![j]! - value)),
    )
    return { ...state, params }
  })
  return { ...honest, states }
}

const sameRows = (state: TrainState): TrainState => {
  const [w0, ...rest] = state.params
  return { ...state, params: [w0!.map((value, j) => w0![j % 256]! + 0.3 * value), ...rest] }
}

const dishonest: Record<ScreenId, { run: ScreenRun; segments: number[] }> = {
  accuracy: { run: withState(4, (own) => -own), segments: [30, 39] },
  continuity: { run: withState(2, (own) => 4 * own), segments: [10, 19] },
  'initial-distribution': { run: withState(0, (_, next) => next), segments: [0, 9] },
  'initial-independence': {
    run: { ...honest, states: honest.states.with(0, sameRows(honest.states[0]!)) },
    segments: [0, 9],
  },
  'distance-falling': { run: withState(2, (own) => 3 * own), segments: [10, 19] },
  'initial-distance': {
    run: {
      ...honest,
      states: honest.states.with(0, initialState({ ...world.job, seed: `0x${'77'.repeat(32)}` })),
    },
    segments: [0, 9],
  },
  'loss-continuity': {
    run: {
      ...honest,
      steps: honest.steps.with(160, [bitsOf(1.01 * floatOf(honest.steps[160]![0])), honest.steps[160]![1]]),
    },
    segments: [20, 29],
  },
  'update-norm': { run: withState(2, (_, next) => next), segments: [20, 29] },
  'update-cosine': { run: interpolated(), segments: [10, 39] },
  memorisation: {
    run: { ...honest, states: honest.states.map(({ step }) => ({ ...honest.states[4]!, step })) },
    segments: [0, 39],
  },
  timing: {
    run: { ...honest, commitments: [30, 60, 61, 90].map((blockNumber) => ({ blockNumber, steps: 80 })) },
    segments: [20, 29],
  },
}

test.for(SCREEN_IDS)('default: %s is quiet about an honest run', (id) => {
  const { statistic, threshold, segments } = screens[id](honest)
  expect(statistic).not.toBeNull()
  expect(statistic).toBeLessThanOrEqual(threshold)
  expect(segments).toEqual([])
})

test.for(SCREEN_IDS)('behavior: %s flags a run that is not', (id) => {
  const { run, segments } = dishonest[id]
  const result = screens[id](run)
  expect(result).toMatchObject({ screen: id })
  expect(isFlagged(result)).toBe(true)
  const [first, last] = segments
  expect([result.segments[0], result.segments.at(-1)]).toEqual([first, last])
})

test.for(SCREEN_IDS)('behavior: %s ends, and says a number, whatever the states are', (id) => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 3e38, 0]) {
    const { statistic } = screens[id](withState(2, () => value))
    expect(Number.isFinite(statistic)).toBe(true)
  }
})

test('behavior: NaN is no way to be quiet', () => {
  const run = withState(2, () => Number.NaN)
  const flagged = SCREEN_IDS.filter((id) => isFlagged(screens[id](run)))
  expect(flagged).toEqual(
    expect.arrayContaining(['continuity', 'distance-falling', 'loss-continuity', 'update-norm']),
  )
})

test('behavior: without enough to go by a screen says so', () => {
  const short = { ...honest, commitments: honest.commitments.slice(0, 3) }
  expect(screens.timing(short)).toMatchObject({ statistic: null, segments: [] })
  expect(isFlagged(screens.timing(short))).toBe(false)
})

test('behavior: a run counts only if every drawn segment passes', () => {
  const verdicts = new Map([0, 1, 2, 3].map((segment) => [segment, 'pass' as const]))
  expect(allPass([3, 0, 3], verdicts)).toEqual({ counts: true, against: [] })
  expect(allPass([], verdicts)).toBeNull()
  expect(allPass([3, 0, 4], verdicts)).toEqual({ counts: false, against: [4] }) // nobody judged it
  expect(allPass([3, 0], new Map([...verdicts, [3, 'unavailable' as const]]))).toEqual({
    counts: false,
    against: [3],
  })
})

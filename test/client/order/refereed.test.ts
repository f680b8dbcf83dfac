import { closeReasons } from '@trainyard/contracts/words.ts'
import { expect, test } from 'vitest'
import type { Action, ChainFacts } from '../../../client/src/order/action.ts'
import { pendingEffects } from '../../../client/src/order/pendingEffects.ts'
import { planOf } from '../../../client/src/order/plan.ts'
import { reduce } from '../../../client/src/order/reduce.ts'
import { type OrderState, seenOrder } from '../../../client/src/order/state.ts'

// 4 segments in windows of 2 and 2
const plan = planOf({ steps: 40, stepsPerSegment: 10, segmentsPerWindow: 2 })

const facts = (status: ChainFacts['status'], more: Partial<ChainFacts> = {}): Action => ({
  type: 'ChainRead',
  facts: {
    status,
    closeReason: 0,
    windowCount: 0,
    openedCount: 0,
    nowMs: 1000,
    overrunAtMs: 0,
    lastWindowUntilMs: 0,
    ...more,
  },
})
const fold = (actions: readonly Action[], from: OrderState = seenOrder('7')) =>
  actions.reduce((state, action) => reduce(state, action)[0], from)
const effectsOf = (state: OrderState) =>
  pendingEffects(state).filter(
    ({ type }) => !['RunTrainer', 'HashSegment', 'StopRuns', 'ShowRounds'].includes(type),
  )

const training: Action[] = [
  facts('Preparing'),
  { type: 'InputsFetched', plan, committed: 0, opened: 0 },
  { type: 'SeedKnown', window: 0 },
  { type: 'SeedWritten', window: 0 },
  { type: 'SelfTestPassed' },
  facts('Training'),
  { type: 'SeedKnown', window: 1 },
  { type: 'SeedWritten', window: 1 },
]
const hashed = (first: number, end: number): Action[] =>
  Array.from({ length: end - first }, (_, i) => ({ type: 'SegmentHashed', segment: first + i }))
const sealed = (window: number): Action[] => [
  { type: 'WindowSigned', window },
  { type: 'WindowCommitted', window },
]
const opened = (window: number): Action => ({ type: 'WindowOpened', window })
const runEnded: Action = { type: 'RunEnded', attempt: 1, outcome: 'complete', message: '' }
const trained = [...training, ...hashed(0, 4), ...sealed(0), runEnded, ...sealed(1)]
const completed = facts('Auditing', { closeReason: closeReasons.WORK_COMPLETED, windowCount: 2 })

test('default: a window is signed, sealed, and only then opened; nothing of it is published before', () => {
  const signed = fold([...training, ...hashed(0, 2), { type: 'WindowSigned', window: 0 }])
  expect(effectsOf(signed)).toEqual([{ type: 'SealWindow', window: 0, endSegment: 2 }])
  const { 0: done } = reduce(signed, { type: 'WindowCommitted', window: 0 })
  expect(effectsOf(done)).toEqual([{ type: 'OpenWindow', window: 0 }])
  expect(effectsOf(fold([opened(0)], done))).toEqual([])
})

test('behavior: the slower twin holds nobody up: training goes on, and is completed, with windows sealed', () => {
  const state = fold([...trained, { type: 'ResultPublished', resultCid: 'bafy' }])
  expect(effectsOf(state)).toEqual([
    { type: 'OpenWindow', window: 0 },
    { type: 'SendCompleted', resultCid: 'bafy' },
  ])
  expect(effectsOf(fold([completed], state))).toEqual([
    { type: 'OpenWindow', window: 0 },
    { type: 'SettleIfDue' },
  ])
})

test('behavior: after the end windows are opened in turn, then the result is delivered, after a restart too', () => {
  const stored = JSON.parse(
    JSON.stringify(fold([...trained, { type: 'ResultPublished', resultCid: 'bafy' }, completed, opened(0)])),
  ) as OrderState
  expect(effectsOf(stored)).toEqual([{ type: 'OpenWindow', window: 1 }, { type: 'SettleIfDue' }])
  const open = fold([opened(1)], stored)
  expect(effectsOf(open)).toEqual([{ type: 'DeliverResult' }, { type: 'SettleIfDue' }])
  expect(effectsOf(fold([{ type: 'ResultDelivered' }], open))).toEqual([{ type: 'SettleIfDue' }])
})

test('behavior: no result is delivered of an order that was not completed', () => {
  const end = facts('Auditing', { closeReason: closeReasons.SELLER_OVERRAN, windowCount: 2, openedCount: 2 })
  expect(effectsOf(fold([...trained, end]))).toEqual([{ type: 'SettleIfDue' }])
})

test('behavior: a short last window is sealed, and opened after the end', () => {
  const cancel = { closeReason: closeReasons.BUYER_CANCELLED, windowCount: 0, lastWindowUntilMs: 5000 }
  const closing = fold([
    ...training,
    ...hashed(0, 1),
    facts('Auditing', cancel),
    { type: 'WindowSigned', window: 0 },
  ])
  expect(effectsOf(closing)).toEqual([{ type: 'SealWindow', window: 0, endSegment: 1 }])
  const end = fold([{ type: 'WindowCommitted', window: 0 }], closing)
  expect(effectsOf(end)).toEqual([{ type: 'OpenWindow', window: 0 }, { type: 'SettleIfDue' }])
})

test('behavior: the chain says what is open, also that somebody else opened it, or a reorg took it back', () => {
  const state = fold([...training, ...hashed(0, 4), ...sealed(0)])
  const read = (openedCount: number) => fold([facts('Training', { windowCount: 1, openedCount })], state)
  expect(read(1)).toMatchObject({ work: { opened: 1, committed: 1 } })
  expect(effectsOf(read(1))).toEqual([{ type: 'SignWindow', window: 1, endSegment: 4 }])
  expect(fold([facts('Training', { windowCount: 1, openedCount: 0 })], read(1))).toMatchObject({
    work: { opened: 0 },
  })
})

test('behavior: with a lost journal what is sealed is signed again, to be opened', () => {
  const state = fold([
    facts('Training', { windowCount: 1 }),
    { type: 'InputsFetched', plan, committed: 1, opened: 0 },
    { type: 'SeedKnown', window: 0 },
    { type: 'SeedWritten', window: 0 },
    ...hashed(0, 2),
  ])
  expect(effectsOf(state)).toContainEqual({ type: 'SignWindow', window: 0, endSegment: 2 })
  expect(effectsOf(fold([{ type: 'WindowSigned', window: 0 }], state))).toContainEqual({
    type: 'OpenWindow',
    window: 0,
  })
})

test('error: what was sealed is never amended', () => {
  const state = fold([...training, ...hashed(0, 4), ...sealed(0)])
  const damaged = fold([{ type: 'CheckpointDamaged', window: 0, message: 'bits' }], state)
  expect(damaged).toEqual(state)
  const own = fold([{ type: 'CheckpointDamaged', window: 1, message: 'bits' }], state)
  expect(own).toMatchObject({ work: { hashed: 2, attempt: 2 } })
  expect(own).not.toHaveProperty('work.amending')
})

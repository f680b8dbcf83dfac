import { closeReasons } from '@trainyard/contracts/words.ts'
import { describe, expect, it, test } from 'vitest'
import type { Action, RunOutcome } from '../../../client/src/order/action.ts'
import type { Effect } from '../../../client/src/order/effect.ts'
import { pendingEffects } from '../../../client/src/order/pendingEffects.ts'
import { reduce } from '../../../client/src/order/reduce.ts'
import { type OrderState, seenOrder } from '../../../client/src/order/state.ts'
import {
  committed,
  ended,
  facts,
  fetched,
  hashed,
  oneCommitted,
  phaseOf,
  run,
  seed,
  toTraining,
} from './orderActions.ts'

test('default: a whole order', () => {
  const { state, effects } = run([
    ...toTraining,
    ...hashed(0, 3),
    ...committed(0),
    ...seed(1),
    ...hashed(3, 6),
    ...committed(1),
    ...seed(2),
    ...hashed(6, 7),
    ended('complete'),
    ...committed(2),
    { type: 'ResultPublished', resultCid: 'bafy' },
    facts('Auditing', { closeReason: closeReasons.WORK_COMPLETED, windowCount: 3 }),
    facts('Completed', { closeReason: closeReasons.WORK_COMPLETED, windowCount: 3 }),
    { type: 'CleanedUp' },
  ])
  expect(state).toMatchObject({ phase: 'settled', status: 'Completed', cleaned: true })
  expect(pendingEffects(state)).toEqual([])
  const once = (type: Effect['type']) => effects.filter((effect) => effect.type === type)
  expect(once('CommitWindow')).toEqual([
    { type: 'CommitWindow', window: 0, endSegment: 3 },
    { type: 'CommitWindow', window: 1, endSegment: 6 },
    { type: 'CommitWindow', window: 2, endSegment: 7 },
  ])
  for (const type of ['FetchInputs', 'RunSelfTest', 'SendStart', 'RunTrainer', 'SendCompleted'] as const) {
    expect(once(type)).toHaveLength(1)
  }
})

test('default: nothing starts before the self-test has passed', () => {
  const { state, effects } = run([facts('Preparing'), fetched])
  expect(state.phase).toBe('selfTest')
  expect(effects.map(({ type }) => type)).toEqual(['FetchInputs', 'AwaitSeed'])
  expect(run([facts('Preparing'), fetched, ...seed(0)]).last).toEqual({ type: 'RunSelfTest' })
})

test('behavior: every state asks again for the same effects after a restart', () => {
  let state: OrderState = seenOrder('7')
  const wanted = new Map(pendingEffects(state).map((effect) => [JSON.stringify(effect), effect]))
  for (const action of [
    ...toTraining,
    ...hashed(0, 4),
    ...seed(1),
    { type: 'WindowSigned', window: 0 } as const,
  ]) {
    const [next, effects] = reduce(state, action)
    const stored = JSON.parse(JSON.stringify(next)) as OrderState
    const pending = new Set(pendingEffects(stored).map((effect) => JSON.stringify(effect)))
    for (const key of wanted.keys()) if (!pending.has(key)) wanted.delete(key)
    for (const effect of effects) wanted.set(JSON.stringify(effect), effect)
    expect(new Set(wanted.keys())).toEqual(pending)
    state = stored
  }
})

test('behavior: seed w waits for window w-2 to be committed', () => {
  const before = run([...toTraining, ...seed(1)])
  expect(pendingEffects(before.state).some(({ type }) => type === 'AwaitSeed')).toBe(false)
  const after = run([...hashed(0, 3), ...committed(0)], before.state)
  expect(pendingEffects(after.state)).toContainEqual({ type: 'AwaitSeed', window: 2 })
})

test('behavior: a window is signed, published and committed in this order, once', () => {
  const { state } = run([...toTraining, ...hashed(0, 3)])
  expect(pendingEffects(state)).toContainEqual({ type: 'SignWindow', window: 0, endSegment: 3 })
  const signed = run([{ type: 'WindowSigned', window: 0 }], state)
  expect(signed.effects).toEqual([{ type: 'PublishEvidence', window: 0 }])
  const published = run([{ type: 'EvidencePublished', window: 0 }], signed.state)
  expect(published.effects).toEqual([{ type: 'CommitWindow', window: 0, endSegment: 3 }])
  const done = run([{ type: 'WindowCommitted', window: 0 }], published.state)
  expect(run([{ type: 'WindowCommitted', window: 0 }], done.state).state).toEqual(done.state)
})

test('behavior: a commit that was seen on chain is not asked for again', () => {
  const { state } = run([
    ...toTraining,
    ...hashed(0, 3),
    { type: 'WindowSigned', window: 0 },
    { type: 'EvidencePublished', window: 0 },
  ])
  const after = run([facts('Training', { windowCount: 1 })], state)
  expect(pendingEffects(after.state).some(({ type }) => type === 'CommitWindow')).toBe(false)
})

test('behavior: an interrupted run resumes from the last kept checkpoint, in its own output', () => {
  const { state, effects } = run([...toTraining, ...seed(1), ...hashed(0, 4), ended('interrupted')])
  expect(effects.at(-2)).toEqual({ type: 'RunTrainer', attempt: 2, fromStep: 40 })
  expect(effects.at(-1)).toEqual({ type: 'HashSegment', segment: 4, attempt: 2 })
  expect(state).toMatchObject({ phase: 'training', work: { crashes: 0 } })
})

test('behavior: the end of an older run changes nothing', () => {
  const { state } = run([...toTraining, ended('interrupted')])
  expect(run([ended('complete', 1)], state).state).toEqual(state)
})

test('behavior: a run that dies after its last checkpoint does the last segment again', () => {
  const { effects } = run([...toTraining, ...seed(1), ...seed(2), ...hashed(0, 7), ended('machineFailed')])
  expect(effects.at(-1)).toEqual({ type: 'RunTrainer', attempt: 2, fromStep: 60 })
})

test('error: crashes without progress close the order, by whose fault it is', () => {
  const crash = (outcome: 'jobFailed' | 'machineFailed') => [1, 2, 3, 4].map((n) => ended(outcome, n))
  expect(run([...toTraining, ...crash('jobFailed')]).state).toMatchObject({ reason: 'JOB_INVALID' })
  const { state, last } = run([...toTraining, ...crash('machineFailed')])
  expect(state).toMatchObject({ phase: 'failing', reason: 'SELLER_GAVE_UP' })
  expect(last).toEqual({ type: 'SendFailed', reason: 'SELLER_GAVE_UP' })
  const interrupted = [1, 2, 3, 4, 5].map((n) => ended('interrupted', n))
  expect(phaseOf([...toTraining, ...interrupted])).toBe('training')
})

test('error: what the self-test found is the job s fault', () => {
  const start = [facts('Preparing'), fetched, ...seed(0)]
  const differed = run([...start, { type: 'SelfTestDiffered', message: 'bits' }])
  expect(differed.state).toMatchObject({ phase: 'failing', reason: 'JOB_NOT_DETERMINISTIC' })
  const failed = run([...start, { type: 'SelfTestFailed', message: 'exit 1' }])
  expect(failed.state).toMatchObject({ phase: 'failing', reason: 'JOB_INVALID', message: 'exit 1' })
})

test('error: an effect that cannot succeed gives the order up, but not after its end', () => {
  const gaveUp: Action = { type: 'EffectGaveUp', effect: 'HashSegment', message: 'disk full' }
  expect(run([...toTraining, gaveUp]).state).toMatchObject({ phase: 'failing', reason: 'SELLER_GAVE_UP' })
  expect(phaseOf([...toTraining, facts('Auditing'), gaveUp])).toBe('ended')
})

test('behavior: the buyer cancels and one short last window is committed', () => {
  const cancel = facts('Auditing', {
    closeReason: closeReasons.BUYER_CANCELLED,
    windowCount: 1,
    lastWindowUntilMs: 5000,
  })
  const { state } = run([
    ...toTraining,
    ...hashed(0, 3),
    ...committed(0),
    ...seed(1),
    ...hashed(3, 5),
    cancel,
  ])
  expect(pendingEffects(state)).toEqual([
    { type: 'StopRuns' },
    { type: 'SignWindow', window: 1, endSegment: 5 },
  ])
  const done = run(committed(1), state)
  expect(done.effects).toContainEqual({ type: 'CommitWindow', window: 1, endSegment: 5 })
  expect(done.state.phase).toBe('ended')
})

test('behavior: a full window that was signed is committed as it is when the buyer cancels', () => {
  const { state } = run([
    ...toTraining,
    ...seed(1),
    ...hashed(0, 5),
    { type: 'WindowSigned', window: 0 },
    facts('Auditing', { closeReason: closeReasons.BUYER_CANCELLED, lastWindowUntilMs: 5000 }),
  ])
  expect(state).toMatchObject({ phase: 'closing', endSegment: 3 })
  expect(pendingEffects(state)).toEqual([{ type: 'StopRuns' }, { type: 'PublishEvidence', window: 0 }])
})

test('behavior: too late for a last window, or nothing to commit', () => {
  const cancelled = { closeReason: closeReasons.BUYER_CANCELLED, lastWindowUntilMs: 5000 }
  const late = facts('Auditing', { ...cancelled, nowMs: 5000 })
  expect(phaseOf([...toTraining, ...hashed(0, 2), late])).toBe('ended')
  expect(phaseOf([...toTraining, facts('Auditing', cancelled)])).toBe('ended')
})

test('behavior: a changed beacon redoes its window and all after it', () => {
  const { state, effects } = run([
    ...toTraining,
    ...seed(1),
    ...hashed(0, 3),
    ...committed(0),
    ...hashed(3, 5),
    { type: 'SeedsChanged', window: 1 },
  ])
  expect(state).toMatchObject({ phase: 'training', work: { seeds: 1, hashed: 3, attempt: 2, fromStep: 30 } })
  expect(effects.slice(-2)).toEqual([
    { type: 'AwaitSeed', window: 1 },
    { type: 'RunTrainer', attempt: 2, fromStep: 30 },
  ])
})

test('behavior: a reorg takes a commit back, and it is sent again', () => {
  const { state } = run([...toTraining, ...hashed(0, 3), ...committed(0)])
  const after = run([facts('Training', { windowCount: 0 })], state)
  expect(after.effects).toContainEqual({ type: 'CommitWindow', window: 0, endSegment: 3 })
})

test('behavior: a reorg takes the start back, and it is sent again while the run goes on', () => {
  const { state } = run([...toTraining, ...hashed(0, 2)])
  const back = run([facts('Preparing')], state)
  expect(back.effects).toEqual([{ type: 'SendStart' }])
  const again = run([facts('Training')], back.state)
  expect(again.effects).toContainEqual({ type: 'RunTrainer', attempt: 1, fromStep: 0 })
  expect(again.state).toMatchObject({ work: { hashed: 2 } })
})

test('behavior: a reorg takes the end back, and it is sent again', () => {
  const done: Action[] = [
    ...toTraining,
    ...seed(1),
    ...seed(2),
    ...hashed(0, 7),
    ...committed(0),
    ...committed(1),
    ...committed(2),
    ended('complete'),
    { type: 'ResultPublished', resultCid: 'bafy' },
    facts('Auditing', { closeReason: closeReasons.WORK_COMPLETED, windowCount: 3 }),
  ]
  expect(run([...done, facts('Training', { windowCount: 3 })]).last).toEqual({ type: 'PublishResult' })
  expect(run([...done, facts('Training', { windowCount: 2 })]).effects).toContainEqual({
    type: 'SignWindow',
    window: 2,
    endSegment: 7,
  })
})

test('behavior: with the journal lost, training starts over but commits only what is missing', () => {
  const { state } = run([
    facts('Training', { windowCount: 1 }),
    { ...fetched, committed: 1 },
    ...seed(0),
    ...hashed(0, 3),
  ])
  expect(state.phase).toBe('training')
  expect(pendingEffects(state).some(({ type }) => type === 'SignWindow')).toBe(false)
  const next = run([...seed(1), ...hashed(3, 6)], state)
  expect(pendingEffects(next.state)).toContainEqual({ type: 'SignWindow', window: 1, endSegment: 6 })
})

test('behavior: when the paid time is over the seller ends the order itself', () => {
  const { state } = run([...toTraining, facts('Training', { overrunAtMs: 999 })])
  expect(state).toMatchObject({ phase: 'failing', reason: 'SELLER_GAVE_UP' })
})

test('behavior: whatever the daemon believed, a settled order is over', () => {
  for (const actions of [[], [facts('Preparing')], toTraining]) {
    const { state } = run([...actions, facts('Expired', { closeReason: closeReasons.SELLER_DID_NOT_START })])
    expect(state).toMatchObject({ phase: 'settled', status: 'Expired' })
    expect(pendingEffects(state)).toEqual([{ type: 'CleanUp' }])
  }
})

test('behavior: a job that stands still is reported stalled', () => {
  const { state, last } = run([...oneCommitted, { type: 'JobStalled', message: 'why' }])
  expect(state).toMatchObject({ phase: 'failing', reason: 'JOB_STALLED' })
  expect(last).toEqual({ type: 'SendFailed', reason: 'JOB_STALLED' })
})

describe('without proof', () => {
  const runAll = (actions: Action[]) => {
    const { state } = run(actions, { phase: 'fetching', orderId: '1', resume: false })
    return { state, effects: pendingEffects(state).map(({ type }) => type) }
  }
  const ended = (outcome: RunOutcome, attempt = 1): Action => {
    return { type: 'RunEnded', attempt, outcome, message: '.' }
  }
  const begun: Action[] = [{ type: 'RentalFetched' }, facts('Training')]

  it('default: it starts, runs beside heartbeats, leaves its result and is completed', () => {
    expect(runAll([{ type: 'RentalFetched' }]).effects).toEqual(['SendStart'])
    expect(runAll(begun).effects).toEqual(['SendHeartbeats', 'RunProgram'])
    const done = [...begun, ended('complete')]
    expect(runAll(done).effects).toEqual(['SendHeartbeats', 'PublishOutput'])
    expect(runAll([...done, { type: 'ResultPublished', resultCid: 'b' }]).effects).toEqual(['SendCompleted'])
  })

  it('behavior: paid time that is over ends it as its own end would', () => {
    expect(runAll([...begun, facts('Training', { overrunAtMs: 5, nowMs: 5 })]).effects).toContain(
      'PublishOutput',
    )
  })

  it('behavior: its own failure ends it; its machine’s starts it anew, up to four runs', () => {
    expect(runAll([...begun, ended('jobFailed')]).state).toMatchObject({
      phase: 'failing',
      reason: 'JOB_INVALID',
    })
    const crashes = [1, 2, 3].map((attempt) => ended('machineFailed', attempt))
    expect(runAll([...begun, ...crashes]).state).toMatchObject({ phase: 'renting', rental: { attempt: 4 } })
    const all = [...begun, ...crashes, ended('interrupted', 4)]
    expect(runAll(all).state).toMatchObject({ phase: 'failing', reason: 'SELLER_GAVE_UP' })
  })

  it('behavior: what is settled keeps how far it was, so that its result is kept', () => {
    const { state, effects } = runAll([...begun, facts('Cancelled', { closeReason: 1 })])
    expect(state).toMatchObject({ phase: 'settled', rental: { started: true, attempt: 1 } })
    expect(effects).toEqual(['CleanUp'])
  })
})

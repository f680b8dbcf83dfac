import { closeReasons } from '@trainyard/contracts/words.ts'
import { expect, test } from 'vitest'
import type { Action } from '../../../client/src/order/action.ts'
import { pendingEffects } from '../../../client/src/order/pendingEffects.ts'
import { committed, ended, facts, hashed, oneCommitted, run } from './orderActions.ts'

const damaged = (window: number): Action => ({ type: 'CheckpointDamaged', window, message: 'why' })

test('behavior: a damaged window is trained again from its first checkpoint, and amended before the next is committed', () => {
  const { state, effects } = run([...oneCommitted, damaged(0)])
  expect(state).toMatchObject({
    phase: 'training',
    work: {
      amending: 0,
      committed: 1,
      signed: 0,
      published: 0,
      hashed: 0,
      fromStep: 0,
      attempt: 2,
      seeds: 2,
    },
  })
  expect(effects).toContainEqual({ type: 'RunTrainer', attempt: 2, fromStep: 0 })
  // Its amendment anchors beacon 2 anew.
  expect(pendingEffects(state).map(({ type }) => type)).not.toContain('AwaitSeed')

  const again = run([...hashed(0, 5), { type: 'WindowSigned', window: 0 }], state)
  expect(again.effects).toContainEqual({ type: 'SignWindow', window: 0, endSegment: 3 })
  const published = run([{ type: 'EvidencePublished', window: 0 }], again.state)
  expect(published.effects).toEqual([{ type: 'AmendWindow', window: 0 }])
  const ahead = run([...hashed(5, 6)], published.state)
  expect(pendingEffects(ahead.state).filter(({ type }) => type === 'CommitWindow')).toEqual([])

  const mended = run([{ type: 'WindowMended', window: 0 }], ahead.state)
  expect(mended.state).not.toHaveProperty('work.amending')
  expect(mended.effects).toContainEqual({ type: 'AwaitSeed', window: 2 })
  const signed = run(
    [
      { type: 'WindowSigned', window: 1 },
      { type: 'EvidencePublished', window: 1 },
    ],
    mended.state,
  )
  expect(signed.last).toEqual({ type: 'CommitWindow', window: 1, endSegment: 6 })
})

test('behavior: a damaged window that is not on chain is trained again, and committed as ever', () => {
  const { state } = run([...oneCommitted, damaged(1)])
  expect(state).toMatchObject({
    phase: 'training',
    work: { committed: 1, hashed: 3, fromStep: 30, attempt: 2 },
  })
  expect(state).not.toHaveProperty('work.amending')
})

test('behavior: what can no longer be amended stands', () => {
  const done = [...oneCommitted, ...hashed(5, 6), ...committed(1)]
  const before = run(done).state
  expect(run([damaged(0)], before).state).toBe(before)
  const amending = run([...oneCommitted, damaged(0)]).state
  const cancelled = facts('Auditing', { closeReason: closeReasons.BUYER_CANCELLED, windowCount: 1 })
  expect(run([cancelled], amending).state).toMatchObject({
    phase: 'ended',
    work: { hashed: 3, committed: 1 },
  })
  // A reorg took the window itself back: it is committed, not amended.
  const back = run([facts('Training', { windowCount: 0 })], amending).state
  expect(back).toMatchObject({ work: { committed: 0, signed: 0 } })
  expect(back).not.toHaveProperty('work.amending')
})

test('behavior: the last window can be amended until the order is completed', () => {
  const finishing = run([
    ...oneCommitted,
    ...hashed(5, 6),
    ...committed(1),
    ...hashed(6, 7),
    ended('complete'),
    ...committed(2),
  ])
  expect(finishing.state.phase).toBe('finishing')
  const again = run([damaged(2)], finishing.state).state
  expect(again).toMatchObject({
    phase: 'training',
    work: { amending: 2, runDone: false, hashed: 6, fromStep: 60 },
  })
  const mended = run(
    [
      ...hashed(6, 7),
      ended('complete', 2),
      { type: 'WindowSigned', window: 2 },
      { type: 'EvidencePublished', window: 2 },
    ],
    again,
  ).state
  expect(mended.phase).toBe('training')
  expect(run([{ type: 'WindowMended', window: 2 }], mended).state.phase).toBe('finishing')
})

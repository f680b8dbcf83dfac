import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkpointRoom, recentCheckpoints } from '../../../client/src/engine/checkpoints/checkpointRoom.ts'
import { createQueue } from '../../../client/src/engine/checkpoints/createQueue.ts'
import { dropCheckpoints } from '../../../client/src/engine/checkpoints/dropCheckpoints.ts'
import { planOf } from '../../../client/src/order/plan.ts'

const plan = planOf({ steps: 100, stepsPerSegment: 10, segmentsPerWindow: 4 })

test('default: each window’s first checkpoint stays, and all from a step on', async () => {
  const checkpoints = await mkdtemp(join(tmpdir(), 'trainyard-drop-'))
  const name = (step: number) => `${step}.safetensors`
  try {
    for (let step = 0; step <= 100; step += 10) await writeFile(join(checkpoints, name(step)), '')
    await writeFile(join(checkpoints, '30.safetensors.1.tmp'), '') // somebody writes it now
    await dropCheckpoints({ checkpoints }, plan, 70)
    expect((await readdir(checkpoints)).sort()).toEqual(
      [0, 40, 70, 80, 90, 100].map(name).concat('30.safetensors.1.tmp').sort(),
    )
  } finally {
    await rm(checkpoints, { recursive: true })
  }
})

test('behavior: room grows with the windows, not with the segments, once those are many', () => {
  const of = (segments: number, segmentsPerWindow: number) =>
    checkpointRoom(planOf({ steps: segments, stepsPerSegment: 1, segmentsPerWindow }), 0)
  expect(of(10_000, 10)).toBe(1_000 + 3 + 40)
  expect(of(10_000, 100)).toBe(100 + 3 + 400)
  // A short run never needs more than two copies of all.
  expect(of(4, 4)).toBe(10)
})

test('behavior: what is kept besides is bounded by bytes and by number', () => {
  expect(recentCheckpoints(1_000_000, 64)).toBe(64)
  expect(recentCheckpoints(1_000_000_000, 64)).toBe(0)
  expect(recentCheckpoints(10, 64)).toBe(1_024)
})

test('behavior: a queue runs one task at a time, goes on after a failure, and says when it is full', async () => {
  const queue = createQueue()
  let running = 0
  let most = 0
  const gate = Promise.withResolvers<void>()
  const task = (fails: boolean) => async () => {
    most = Math.max(most, ++running)
    await gate.promise
    running--
    if (fails) throw new Error('failed')
    return 'done'
  }
  const results = Array.from({ length: 16 }, (_, i) => queue.run(task(i === 1)))
  expect(queue.isFull()).toBe(true)
  gate.resolve()
  const settled = await Promise.allSettled(results)
  expect(settled.map(({ status }) => status)).toEqual(
    settled.map((_, i) => (i === 1 ? 'rejected' : 'fulfilled')),
  )
  expect(most).toBe(1)
  expect(queue.isFull()).toBe(false)
})

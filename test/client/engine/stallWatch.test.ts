import { expect, test } from 'vitest'
import { createHead } from '../../../client/src/chain/createHead.ts'
import { createStallWatch } from '../../../client/src/engine/createStallWatch.ts'

/** A chain whose clock is set by hand, and says when the window is late. */
function watchFrom(dueAt: number) {
  const head = createHead()
  const start = Math.floor(Date.now() / 1000)
  let number = 1
  const at = (seconds: number) => head.announce({ number: ++number, timestamp: start + seconds })
  at(0)
  at(1)
  const watch = createStallWatch(head, async () => (dueAt === 0 ? 0 : start + dueAt), 48)
  return { at, look: watch.look }
}

test('default: a job that stands still until its window is late is stalled', async () => {
  const { at, look } = watchFrom(200)
  expect(await look(48)).toBeUndefined()
  at(150)
  expect(await look(48)).toBeUndefined()
  at(190)
  expect(await look(48)).toBeUndefined()
  at(230)
  expect(await look(48)).toEqual({
    type: 'JobStalled',
    message: 'The job has done nothing since step 48, and its window is late.',
  })
})

test('behavior: a slow job is not, however late its window is', async () => {
  const { at, look } = watchFrom(100)
  for (let step = 49; step < 60; step++) {
    at(step * 50)
    expect(await look(step)).toBeUndefined()
  }
})

test('behavior: nor is one of which no window is due', async () => {
  const { at, look } = watchFrom(0)
  at(10_000)
  expect(await look(48)).toBeUndefined()
})

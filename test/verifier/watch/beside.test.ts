import { beside } from '@trainyard/verifier/watch/beside.ts'
import { expect, test } from 'vitest'

const quiet = { warn: () => {} }

test('behavior: what waits for a stranger holds nobody up, and is not begun again meanwhile', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const heads: number[] = []
  const work = (head: number) => {
    heads.push(head)
    return promise
  }
  const aside = beside(0, work, quiet)
  for (const head of [1, 2, 3]) aside.start(head)
  expect(heads).toEqual([1])
  resolve()
  await aside.busy
  aside.start(4)
  expect(heads).toEqual([1, 4])
})

test('behavior: not before its time', async () => {
  let begun = 0
  const aside = beside(3_600_000, async () => void begun++, quiet)
  for (let i = 0; i < 3; i++) {
    aside.start(undefined)
    await aside.busy
  }
  expect(begun).toBe(1)
})

test('error: what fails is told and done again', async () => {
  const told: unknown[] = []
  const aside = beside(0, () => Promise.reject(new Error('no answer')), {
    warn: (what: unknown) => told.push(what),
  })
  for (let i = 0; i < 2; i++) {
    aside.start(undefined)
    await aside.busy
  }
  expect(told).toMatchObject([{ err: { message: 'no answer' } }, { err: { message: 'no answer' } }])
})

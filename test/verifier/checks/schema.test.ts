import { expect, test } from 'vitest'
import { honestBundle } from '../../helpers/honestBundle.ts'
import { editText, tamperBundle } from '../../helpers/tamperBundle.ts'
import { expectOnly } from './expectOnly.ts'

test('error: a job that is not in canonical form', async () => {
  const dir = await honestBundle()
  tamperBundle(dir, { 'job.json': editText((text) => `${text}\n`) })
  expect((await expectOnly('schema', dir)).detail).toContain('not in canonical form')
})

test('error: an order with a field that nobody knows', async () => {
  const order = (record: object) => ({ ...record, note: 'trust me' }) as never
  expect((await expectOnly('schema', await honestBundle({ order }))).detail).toContain('order.json')
})

test('error: a listed file without a place', async () => {
  const dir = await honestBundle()
  tamperBundle(dir, { 'inner/5.json': () => new TextEncoder().encode('{"segment":5,"steps":[]}') })
  expect((await expectOnly('schema', dir)).detail).toBe('inner/5.json has no place here')
})

test('error: inner values of another segment', async () => {
  const dir = await honestBundle()
  tamperBundle(dir, { 'inner/2.json': editText((text) => text.replace('"segment":2', '"segment":3')) })
  expect((await expectOnly('schema', dir)).detail).toContain('inner/2.json is of another segment')
})

test('error: more segments in a window than the job allows', async () => {
  const order = (record: { windows: { segments: number }[] }) => {
    record.windows[0]!.segments = 3
    return record as never
  }
  expect((await expectOnly('schema', await honestBundle({ order }))).detail).toContain('window 0')
})

test('error: a drawn segment that was not committed', async () => {
  const order = (record: object) => ({ ...record, drawn: [0, 5] }) as never
  expect((await expectOnly('schema', await honestBundle({ order }))).detail).toContain('drawn')
})

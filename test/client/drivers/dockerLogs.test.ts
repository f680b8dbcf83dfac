import { expect, test } from 'vitest'
import { LogLineReader } from '../../../client/src/drivers/docker/logLineReader.ts'
import { parseLogFrame } from '../../../client/src/drivers/docker/parseLogFrame.ts'

test('default: time to the nanosecond and text', () => {
  expect(parseLogFrame('1970-01-01T00:00:01.000000002Z hello world\n')).toEqual({
    atNs: 1_000_000_002n,
    text: 'hello world',
    ends: true,
  })
})

test('behavior: short fractions, none, empty lines, parts of a line, carriage returns', () => {
  expect(parseLogFrame('1970-01-01T00:00:01.5Z x\n')?.atNs).toBe(1_500_000_000n)
  expect(parseLogFrame('1970-01-01T00:00:01Z x\n')?.atNs).toBe(1_000_000_000n)
  expect(parseLogFrame('1970-01-01T00:00:01Z \n')).toMatchObject({ text: '', ends: true })
  expect(parseLogFrame('1970-01-01T00:00:01Z part')).toMatchObject({ text: 'part', ends: false })
  expect(parseLogFrame('1970-01-01T00:00:01Z a\rb\n')?.text).toBe('a\rb')
})

test('error: what is no frame is no line', () => {
  expect(parseLogFrame('')).toBeUndefined()
  expect(parseLogFrame('no time here\n')).toBeUndefined()
})

test('behavior: a reader joins parts and after a reconnect drops what came before', () => {
  const lines: string[] = []
  const reader = new LogLineReader('stdout', 0n, ({ line }) => lines.push(line))
  const first = reader.sink()
  first.write('1970-01-01T00:00:01Z one\n')
  first.write('1970-01-01T00:00:02Z tw')
  first.write('1970-01-01T00:00:02Z o\n')
  first.write('1970-01-01T00:00:03Z thr')
  const second = reader.sink()
  second.write('1970-01-01T00:00:02Z o\n')
  second.write('1970-01-01T00:00:03Z thr')
  second.write('1970-01-01T00:00:03Z ee\n')
  expect(lines).toEqual(['one', 'two', 'three'])
})

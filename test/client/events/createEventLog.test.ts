import { expect, onTestFinished, test, vi } from 'vitest'
import { createEventLog } from '../../../client/src/events/createEventLog.ts'
import { type Journal, openJournal } from '../../../client/src/journal/openJournal.ts'

const setup = () => openJournal(':memory:')

test('default: a reader that comes back gets what it missed', () => {
  const log = createEventLog(setup(), '1')
  for (const line of ['a', 'b', 'c']) log.emit('log', { line })
  const [first] = log.since(0).events
  expect(log.since(first?.id ?? 0)).toMatchObject({ gap: false, events: [{ data: '{"line":"b"}' }, {}] })
})

test('behavior: ids go on after a restart, and what was lost shows as a gap', () => {
  const journal = setup()
  const before = createEventLog(journal, '1')
  before.emit('log', { line: 'stored' })
  before.flush()
  before.emit('log', { line: 'lost' })
  const lastSeen = before.since(0).events.at(-1)?.id ?? 0
  const after = createEventLog(journal, '1')
  after.emit('log', { line: 'new' })
  const { events, gap } = after.since(lastSeen)
  expect(gap).toBe(true)
  expect(events.map(({ data }) => data)).toEqual(['{"line":"new"}'])
  expect(events[0]?.id).toBeGreaterThan(lastSeen)
})

test('behavior: of a log that was closed nothing is missing after a restart', () => {
  const journal = setup()
  const before = createEventLog(journal, '1')
  before.emit('log', { line: 'a' })
  before.emit('log', { line: 'b' })
  before.close()
  const after = createEventLog(journal, '1')
  after.emit('log', { line: 'c' })
  expect(after.since(1)).toMatchObject({ gap: false, events: [{ id: 2 }, { id: 3 }] })
  after.flush() // and then it is killed
  const last = createEventLog(journal, '1')
  last.emit('log', { line: 'd' })
  expect(last.since(3)).toMatchObject({ gap: true, events: [{ data: '{"line":"d"}' }] })
})

test('behavior: only the newest two thousand are kept, on disk too', () => {
  const journal = setup()
  const log = createEventLog(journal, '1')
  for (let i = 0; i < 2_500; i++) log.emit('progress', { step: i })
  log.flush()
  expect(log.since(1)).toMatchObject({ gap: true })
  expect(log.since(0).events).toHaveLength(2_000)
  expect(journal.eventsOf('1')).toEqual(log.since(0).events)
})

test('behavior: progress does not push the log out; what it pushed out shows as a gap', () => {
  const journal = setup()
  const log = createEventLog(journal, '1')
  log.emit('log', { line: 'why it failed' })
  for (let i = 0; i < 2_001; i++) log.emit('progress', { step: i })
  log.flush()
  expect(createEventLog(journal, '1').last('log')?.data).toBe('{"line":"why it failed"}')
  expect(log.since(1).gap).toBe(true)
  expect(log.since(2).gap).toBe(false)
})

test('error: a journal that has no room is written to later', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const journal = setup()
  let isFull = true
  const full: Journal = {
    ...journal,
    saveEvents(...args) {
      if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
      journal.saveEvents(...args)
    },
  }
  const log = createEventLog(full, '1')
  log.emit('log', { line: 'a' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(journal.eventsOf('1')).toEqual([])
  isFull = false
  await vi.advanceTimersByTimeAsync(1_000)
  expect(journal.eventsOf('1')).toHaveLength(1)
})

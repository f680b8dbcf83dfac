import { expect, test } from 'vitest'
import { createEventLog } from '../../../client/src/events/createEventLog.ts'
import { openJournal } from '../../../client/src/journal/openJournal.ts'

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

test('behavior: only the newest two thousand are kept, on disk too', () => {
  const journal = setup()
  const log = createEventLog(journal, '1')
  for (let i = 0; i < 2_500; i++) log.emit('progress', { step: i })
  log.flush()
  expect(log.since(1)).toMatchObject({ gap: true })
  expect(log.since(0).events).toHaveLength(2_000)
  expect(journal.eventsOf('1')).toHaveLength(2_000)
})

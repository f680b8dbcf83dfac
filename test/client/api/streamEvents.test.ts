import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { streamEvents } from '../../../client/src/api/streamEvents.ts'
import { createEventLog, type EventLog } from '../../../client/src/events/createEventLog.ts'
import { openJournal } from '../../../client/src/journal/openJournal.ts'

/** A stream over a real connection; `next` waits until the text so far contains something. */
async function follow(log: EventLog, lastId: number) {
  const server = createServer((_request, response) => streamEvents(log, lastId, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  onTestFinished(async () => {
    await reader.cancel()
    server.closeAllConnections()
    server.close()
  })
  let text = ''
  const next = async (wanted: string) => {
    while (!text.includes(wanted)) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`the stream ended without ${wanted}: ${text}`)
      text += value
    }
    return text
  }
  return { next, type: response.headers.get('content-type') }
}

test('default: what was kept comes with ids, then what happens', async () => {
  const log = createEventLog(openJournal(':memory:'), '1')
  log.emit('log', { line: 'a' })
  const stream = await follow(log, 0)
  await stream.next('id: 1\nevent: log\ndata: {"line":"a"}\n\n')
  log.emit('state', { phase: 'training' })
  expect(await stream.next('id: 2')).not.toContain('event: gap')
  expect(stream.type).toMatch(/^text\/event-stream/)
})

test('behavior: what is lost after the last id is marked', async () => {
  const log = createEventLog(openJournal(':memory:'), '1')
  for (let i = 0; i < 2_100; i++) log.emit('progress', { step: i })
  const stream = await follow(log, 50)
  const text = await stream.next('id: 2100')
  expect(text.startsWith('event: gap\ndata: {"after":50}\n\n')).toBe(true)
  expect(text).not.toContain('id: 100\n')
})

test('behavior: a stream on which nothing happens still says that it lives', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const log = createEventLog(openJournal(':memory:'), '1')
  log.emit('log', { line: 'a' })
  const stream = await follow(log, 0)
  await stream.next('id: 1')
  vi.advanceTimersByTime(15_000)
  await stream.next(': heartbeat\n\n')
})

test('behavior: a log larger than any buffer comes whole, also what is told meanwhile, then ends when asked to', async () => {
  const log = createEventLog(openJournal(':memory:'), '1')
  const line = 'x'.repeat(2_000)
  for (let i = 1; i <= 3_000; i++) log.emit('log', { line })
  const server = createServer((_request, response) => {
    streamEvents(log, 0, response, true)
    log.emit('log', { line: 'the last one' })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const text = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).text()
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  expect(ids).toEqual(Array.from({ length: 3_001 }, (_, i) => i + 1))
  expect(text).not.toContain('event: gap')
  expect(text.endsWith('{"line":"the last one"}\n\n')).toBe(true)
})

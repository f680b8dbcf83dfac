import { StringDecoder } from 'node:string_decoder'

export type UpstreamEvent = { readonly id: string; readonly event: string; readonly data: string }

const MAX_EVENT_CHARS = 16 * 1024

/** The stream is not one, or one event is too large to keep. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused'
}

/** Reads events from a byte stream (HTML standard, 9.2.6). Throws StreamRefused when an event passes 16 Ki characters. */
export async function* parseSse(bytes: AsyncIterable<Buffer>): AsyncGenerator<UpstreamEvent> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let fields: Fields = { id: '', event: 'message', data: [] }
  for await (const part of bytes) {
    rest += decoder.write(part)
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') {
        addField(fields, line)
        continue
      }
      if (fields.data.length > 0) yield { id: fields.id, event: fields.event, data: fields.data.join('\n') }
      fields = { id: fields.id, event: 'message', data: [] }
    }
    if (rest.length + sizeOf(fields) > MAX_EVENT_CHARS) throw new StreamRefused('An event is too large.')
  }
}

type Fields = { id: string; event: string; data: string[] }

const sizeOf = (fields: Fields): number => fields.data.reduce((sum, line) => sum + line.length, 0)

const addField = (fields: Fields, line: string): void => {
  const colon = line.indexOf(':')
  if (colon === 0) return // a comment: the heartbeat
  const name = colon < 0 ? line : line.slice(0, colon)
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (name === 'data') fields.data.push(value)
  else if (name === 'event') fields.event = value
  else if (name === 'id' && !value.includes('\0')) fields.id = value
}

export type StreamEvent = { id: string; event: string; data: string }

const MAX_PENDING_CHARS = 1024 * 1024

/** Reads server-sent events (WHATWG HTML 9.2) from a body; comments and unfinished events are dropped. */
export async function* parseEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n')
    if (pending.length > MAX_PENDING_CHARS) throw new RangeError('an event is too long')
    for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
      const event = parseEvent(pending.slice(0, end))
      pending = pending.slice(end + 2)
      if (event) yield event
    }
  }
}

function parseEvent(block: string): StreamEvent | undefined {
  const found: StreamEvent = { id: '', event: 'message', data: '' }
  const data: string[] = []
  for (const line of block.split('\n')) {
    const match = /^(id|event|data):\s?(.*)$/.exec(line)
    if (match?.[1] === 'data') data.push(match[2] ?? '')
    else if (match?.[1] === 'id') found.id = match[2] ?? ''
    else if (match?.[1] === 'event') found.event = match[2] ?? ''
  }
  return data.length === 0 ? undefined : { ...found, data: data.join('\n') }
}

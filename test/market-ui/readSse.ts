type SseEvent = { readonly id: string; readonly event: string; readonly data: unknown }

/** An open event stream: what came so far, and its end. */
export type OpenSse = {
  readonly events: SseEvent[]
  readonly status: number
  readonly isOver: () => boolean
  close: () => void
}

export const openSse = async (
  url: string,
  lastEventId?: string,
  authorization?: string,
): Promise<OpenSse> => {
  const abort = new AbortController()
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
  if (authorization !== undefined) headers.authorization = authorization
  const response = await fetch(url, { signal: abort.signal, headers })
  const events: SseEvent[] = []
  const read = async () => {
    let rest = ''
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + part).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        const data = field('data')
        if (data !== undefined)
          events.push({ id: field('id') ?? '', event: field('event') ?? 'message', data: JSON.parse(data) })
      }
    }
  }
  let isOver = false
  read()
    .catch(() => undefined) // aborted by the test
    .finally(() => {
      isOver = true
    })
  return { events, status: response.status, isOver: () => isOver, close: () => abort.abort() }
}

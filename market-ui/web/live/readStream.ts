import { problemOf } from '../api/fetchJson.ts'

type Reader = {
  /** Opens what is not public. */
  readonly authorization: string
  readonly lastEventId: string
  readonly signal: AbortSignal
  readonly onOpen: () => void
  readonly onEvent: (event: string, data: string, id: string) => void
}

/**
 * Reads an event stream of our own server to its end, with a header that EventSource cannot send. Throws ApiProblem if it
 * is refused, TypeError if the connection breaks.
 */
export const readStream = async (url: string, reader: Reader): Promise<void> => {
  const { authorization, lastEventId, signal } = reader
  const headers = {
    authorization,
    accept: 'text/event-stream',
    ...(lastEventId && { 'last-event-id': lastEventId }),
  }
  const response = await fetch(url, { headers, signal })
  if (!response.ok || response.body === null) throw await problemOf(response)
  reader.onOpen()
  const decoder = new TextDecoder()
  const source = response.body.getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await source.read()
    if (done) return
    rest += decoder.decode(value, { stream: true })
    const events = rest.split('\n\n')
    rest = events.pop() ?? ''
    for (const text of events) tell(text, reader)
  }
}

/** One event as openSse on the server writes it: a field a line, data in one. */
const tell = (text: string, { onEvent }: Reader): void => {
  const fields = new Map(text.split('\n').map((line) => split(line)))
  const data = fields.get('data')
  if (data !== undefined) onEvent(fields.get('event') ?? 'message', data, fields.get('id') ?? '')
}

const split = (line: string): [string, string] => {
  const colon = line.indexOf(': ')
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2)]
}

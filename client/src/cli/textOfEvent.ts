import type { StreamEvent } from '../buyer/parseEventStream.ts'

/** What a daemon told, as a line for people. Its text is untrusted: control characters are taken out. */
export function textOfEvent({ event, data: text }: StreamEvent): string {
  const data = parseData(text)
  return `${event.padEnd(8)}  ${plain(wordsOf(event, data))}`
}

/** An event's data; text that is no JSON stays text. */
export function parseData(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function wordsOf(event: string, data: unknown): string {
  if (typeof data !== 'object' || data === null) return String(data)
  if (event === 'progress' && 'step' in data && 'loss' in data) return `step ${data.step}, loss ${data.loss}`
  if (event === 'usage' && 'watts' in data && 'energyJ' in data)
    return `${data.watts ?? '?'} W now, ${data.energyJ ?? '?'} J so far`
  if (event === 'log' && 'line' in data) return String(data.line)
  if (event === 'state' && 'message' in data) return String(data.message)
  if (event === 'gap') return 'what was said in between is not kept'
  return JSON.stringify(data)
}

/** A job may print escape sequences, which would reach the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => (character === '\t' ? ' ' : ''))
}

/** One message as the engine stores it: "<RFC 3339 time with nanoseconds> <text>". */
export type LogFrame = {
  atNs: bigint
  text: string /** False when the engine split a long line here. */
  ends: boolean
}

const FRAME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z (.*)$/s

export function parseLogFrame(payload: string): LogFrame | undefined {
  const match = FRAME.exec(payload)
  if (!match) return undefined
  const [, seconds, fraction = '', text = ''] = match
  const atNs = BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
  const ends = text.endsWith('\n')
  return { atNs, text: ends ? text.slice(0, -1) : text, ends }
}

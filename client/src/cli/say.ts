/** How a command speaks: one JSON object on stdout with --json, sentences without. */
export type Say = {
  json: boolean
  /** The command's answer. */
  answer(value: unknown, text: string): void
  /** Something on the way: a line of text, or with --json one object a line. */
  progress(value: unknown, text: string): void
}

/** @param write writes one line to stdout */
export function createSay(json: boolean, write: (line: string) => void): Say {
  const stringify = (value: unknown) =>
    JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
  const tell = (value: unknown, text: string) => write(json ? stringify(value) : text)
  return { json, answer: tell, progress: tell }
}

/** How a command speaks: with --json one object on stdout, sentences without; all else goes to stderr. */
export type Say = {
  json: boolean
  /** The command's answer, once. */
  answer(value: unknown, text: string): void
  /** Something on the way: a line of text, or with --json one object a line, on stderr. */
  progress(value: unknown, text: string): void
  /** A line of a stream that is itself the answer, on stdout: with --json one object a line. */
  line(value: unknown, text: string): void
}

/** @param write writes one line */
export function createSay(
  json: boolean,
  write: { stdout: (line: string) => void; stderr: (line: string) => void },
): Say {
  const stringify = (value: unknown) =>
    JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
  const tell = (value: unknown, text: string) => write.stdout(json ? stringify(value) : text)
  const progress = (value: unknown, text: string) =>
    json ? write.stderr(stringify(value)) : write.stdout(text)
  return { json, answer: tell, progress, line: tell }
}

/** Where the yard tells a person what happens. Everything goes to stderr: stdout is for --json. */
export type Say = {
  line: (text: string) => void
  /** A line that the next one overwrites, on a terminal; elsewhere it is printed at most every five seconds. */
  status: (text: string) => void
}

const PLAIN_STATUS_MS = 5_000

export function createSay(stream: NodeJS.WriteStream, now: () => number): Say {
  let open = false
  let lastPlain = Number.NEGATIVE_INFINITY
  const close = () => {
    if (open) stream.write('\n')
    open = false
  }
  return {
    line(text) {
      close()
      stream.write(`${text}\n`)
    },
    status(text) {
      if (stream.isTTY) {
        stream.write(`\r\u001b[2K${text}`)
        open = true
      } else if (now() - lastPlain >= PLAIN_STATUS_MS) {
        stream.write(`${text}\n`)
        lastPlain = now()
      }
    },
  }
}

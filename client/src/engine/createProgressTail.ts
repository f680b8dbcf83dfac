import { z } from 'zod'
import { openOutputFile } from '../drivers/openOutputFile.ts'
import { CannotContinue } from '../errors.ts'

const READ_BYTES = 256 * 1024
const MAX_LINE_BYTES = 4096

const uint32 = z.int().min(0).max(0xffffffff)
const lineSchema = z.object({
  step: z.int().positive(),
  loss: z.number(),
  lossBits: uint32,
  gradNormBits: uint32,
  samples: z.int().nonnegative(),
})

export type ProgressLine = z.infer<typeof lineSchema>

/** Follows one run's out/progress.jsonl. Lines are kept, by step, until they are forgotten. */
export type ProgressTail = {
  /** Reads what was appended since the last poll. */
  poll(): Promise<void>
  /** Lines of steps first+1 to end, or undefined while some are missing. */
  range(first: number, end: number): { parsed: ProgressLine; text: string }[] | undefined
  /** The newest step that was told; 0: none. */
  newest(): number
  /** Drops lines up to a step. */
  forget(step: number): void
}

/** @param onLine called once for each line, in order */
export function createProgressTail(jobDir: string, onLine: (line: ProgressLine) => void): ProgressTail {
  const lines = new Map<number, { parsed: ProgressLine; text: string }>()
  let forgotten = 0
  let newest = 0
  let offset = 0
  let rest = Buffer.alloc(0)
  let polling: Promise<void> = Promise.resolve()

  const take = (text: string) => {
    const parsed = parseLine(text)
    if (parsed.step > forgotten) lines.set(parsed.step, { parsed, text })
    newest = parsed.step
    onLine(parsed)
  }
  const readOnce = async () => {
    const bytes = await readFrom(jobDir, offset)
    offset += bytes.length
    const all = Buffer.concat([rest, bytes])
    const end = all.lastIndexOf(0x0a) + 1
    rest = all.subarray(end)
    if (rest.length > MAX_LINE_BYTES) throw badProgress('a line is too long')
    for (const text of all.subarray(0, end).toString('utf8').split('\n')) if (text !== '') take(text)
    return bytes.length
  }
  const readAll = async () => {
    while ((await readOnce()) === READ_BYTES) {}
  }
  return {
    poll() {
      polling = polling.then(readAll, readAll)
      return polling
    },
    range(first, end) {
      const found = []
      for (let step = first + 1; step <= end; step++) {
        const line = lines.get(step)
        if (!line) return undefined
        found.push(line)
      }
      return found
    },
    newest: () => newest,
    forget(step) {
      for (; forgotten < step; forgotten++) lines.delete(forgotten + 1)
    },
  }
}

async function readFrom(jobDir: string, offset: number): Promise<Buffer> {
  try {
    const handle = await openOutputFile(jobDir, 'progress.jsonl')
    try {
      const buffer = Buffer.alloc(READ_BYTES)
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, offset)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

function parseLine(text: string): ProgressLine {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    throw badProgress(`"${text.slice(0, 80)}" is no progress line`)
  }
}

function badProgress(what: string): CannotContinue {
  return new CannotContinue(`The job wrote a broken progress.jsonl: ${what}.`, 'Correct the trainer.')
}

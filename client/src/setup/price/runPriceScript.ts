import { spawn } from 'node:child_process'
import { z } from 'zod'
import type { PriceScript } from '../../config/config.ts'
import { ClientError } from '../../errors.ts'

const MAX_ANSWER_BYTES = 4096
const MAX_TOLD_CHARS = 200

/** What a price script reads on its standard input, as one JSON object. */
export type PriceQuestion = {
  version: 1
  unixSeconds: number
  machineId: string
  hardwareClass: string
  /** Whether an order is on the machine now: a new price is for the next one. */
  busy: boolean
  formerPricePerHourWei: string
  configuredPricePerHourWei: string
}

const answerSchema = z.strictObject({
  pricePerHourWei: z.union([z.string().regex(/^\d{1,78}$/), z.int().nonnegative()]),
})

/**
 * Asks the seller's program for the price: JSON in, `{"pricePerHourWei": "..."}` out, exit code 0. It runs with
 * PATH as its whole environment. Throws ClientError if it fails, takes longer than its limit (it is killed with
 * all it started), answers something else, or a price outside the limits.
 */
export async function runPriceScript(
  script: PriceScript,
  question: PriceQuestion,
  searchPath: string,
): Promise<bigint> {
  const text = await run(script, JSON.stringify(question), searchPath)
  const price = parseAnswer(text)
  const { minPerHourWei, maxPerHourWei } = script
  if (price >= minPerHourWei && price <= maxPerHourWei) return price
  throw failed(`it said ${price}, which is outside ${minPerHourWei} to ${maxPerHourWei}`)
}

function parseAnswer(text: string): bigint {
  let untrusted: unknown
  try {
    untrusted = JSON.parse(text)
  } catch {
    throw failed(`its answer is not JSON: ${text.slice(0, MAX_TOLD_CHARS).trim() || 'nothing'}`)
  }
  const result = answerSchema.safeParse(untrusted)
  if (result.success) return BigInt(result.data.pricePerHourWei)
  throw failed('its answer is not {"pricePerHourWei": "<whole number of wei>"}')
}

function run({ command, timeoutSeconds }: PriceScript, input: string, searchPath: string): Promise<string> {
  const [program, ...args] = command
  const child = spawn(program!, args, {
    env: { PATH: searchPath },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a process group of its own, which is ended as a whole
  })
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    const end = (reason: string, cause?: unknown) => {
      clearTimeout(timer)
      endGroup(child.pid)
      child.stdout.destroy() // whoever escaped from the group may hold it open
      child.stderr.destroy()
      reject(failed(reason, cause))
    }
    const timer = setTimeout(() => end(`no answer within ${timeoutSeconds} s`), timeoutSeconds * 1000)
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      if (stdout.length > MAX_ANSWER_BYTES) end(`it said more than ${MAX_ANSWER_BYTES} bytes`)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(0, MAX_TOLD_CHARS)
    })
    child.stdin.on('error', () => undefined).end(input) // it need not read
    child.on('error', (cause) => end(cause.message, cause))
    child.on('exit', (code, signal) => {
      if (code !== 0) end(`it ended with ${signal ?? code}${stderr && `: ${stderr.trim()}`}`)
    })
    child.on('close', () => {
      clearTimeout(timer)
      endGroup(child.pid)
      resolve(stdout)
    })
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended by itself.
  }
}

function failed(reason: string, cause?: unknown): ClientError {
  return new ClientError(
    `The price script failed: ${reason}.`,
    'The last good price stays. Correct the script, or delete priceScript from the configuration.',
    { cause },
  )
}

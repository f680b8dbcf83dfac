import type { z } from 'zod'
import { StoreUnavailable } from '../content/errors.ts'
import { readProblem } from '../content/readProblem.ts'

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 64 * 1024

/** Puts a note on a store's board and reads what others put there. Throws StoreUnavailable; status 404: there is no board. */
export async function postNote<T>(url: string, note: unknown, schema: z.ZodType<T>): Promise<T> {
  const { host } = new URL(url)
  let response: Response
  let body: string
  try {
    response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(note),
      headers: { 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    body = response.ok ? await readText(response) : await readProblem(response)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreUnavailable(`The board at ${host} does not answer (${reason}).`)
  }
  if (!response.ok) {
    throw new StoreUnavailable(
      `The board at ${host} took no note (HTTP ${response.status}). ${body}`,
      response.status,
    )
  }
  const parsed = schema.safeParse(parseJson(body))
  if (!parsed.success) throw new StoreUnavailable(`The board at ${host} answers with something else.`)
  return parsed.data
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`more than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

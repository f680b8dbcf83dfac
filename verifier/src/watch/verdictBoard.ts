import { StoreUnavailable } from '../content/errors.ts'
import { readProblem } from '../content/readProblem.ts'
import { type VerdictNote, verdictNotesSchema } from '../verdictNote.ts'

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * Puts a note on the store's board for an order and reads what its panel put there. Throws StoreUnavailable: status 404
 * means that this store has no board.
 */
export async function exchangeNote(
  store: string,
  orderId: bigint,
  note: VerdictNote,
): Promise<VerdictNote[]> {
  const url = `${store.replace(/\/$/, '')}/api/orders/${orderId}/verdicts`
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
    throw new StoreUnavailable(`The board at ${store} does not answer (${reason}).`)
  }
  if (!response.ok) {
    throw new StoreUnavailable(
      `The board at ${store} took no note (HTTP ${response.status}). ${body}`,
      response.status,
    )
  }
  const parsed = verdictNotesSchema.safeParse(parseJson(body))
  if (!parsed.success) throw new StoreUnavailable(`The board at ${store} answers with something else.`)
  return parsed.data.notes
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

import { problemOf, unanswered } from './fetchJson.ts'

const TIMEOUT_MS = 15_000

/** Sends JSON to our own server and reads its answer. Throws ApiProblem. */
export const postJson = async <T>(url: string, body: unknown): Promise<T> => {
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    throw unanswered()
  }
  if (response.ok) return (await response.json()) as T
  throw await problemOf(response)
}

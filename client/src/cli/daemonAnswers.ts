import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'

const TIMEOUT_MS = 3_000

/** Whether a daemon answers at this address. */
export async function daemonAnswers(url: string): Promise<boolean> {
  try {
    await fetchBytes({ url: `${url}/health`, maxBytes: 1024 * 1024, timeoutMs: TIMEOUT_MS })
    return true
  } catch (error) {
    return error instanceof ContentUnavailable && error.status === 503 // it is still starting
  }
}

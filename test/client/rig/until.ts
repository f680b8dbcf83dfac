import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 50
const TIMEOUT_MS = 60_000

/** Asks again until there is an answer; throws the last error, or after a minute. */
export async function until<T>(ask: () => Promise<T | undefined>, timeoutMs = TIMEOUT_MS): Promise<T> {
  const giveUpAtMs = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (Date.now() > giveUpAtMs) throw error
      return undefined
    })
    if (answer !== undefined) return answer
    if (Date.now() > giveUpAtMs) throw new Error(`no answer within ${timeoutMs} ms`)
    await delay(POLL_MS)
  }
}

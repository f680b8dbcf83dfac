import type { ChainContext } from './context.ts'

const tails = new Map<string, Promise<unknown>>()

/** Runs `work` after all earlier work under the same key has finished, well or badly. */
export function serialised<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve()
  const mine = before.then(work, work)
  const tail = mine.catch(() => undefined)
  tails.set(key, tail)
  void tail.then(() => {
    if (tails.get(key) === tail) tails.delete(key)
  })
  return mine
}

/**
 * Runs `work`, which signs a permit and sends it, alone for its account: a permit's nonce counts from its signature
 * to its inclusion.
 */
export async function withPermit<T>(
  context: ChainContext,
  account: string,
  work: () => Promise<T>,
): Promise<T> {
  return serialised(`permit:${context.deployment.token}:${account}`, work)
}

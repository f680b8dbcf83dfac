import { setTimeout as delay } from 'node:timers/promises'

const FIRST_MS = 250
const LONGEST_MS = 10_000

/** Waits longer after each failure in a row: 0.25 s, 0.5 s, ... 10 s. Rejects when signal aborts. */
export async function backoff(failures: number, signal: AbortSignal): Promise<void> {
  await delay(Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS), undefined, { signal })
}

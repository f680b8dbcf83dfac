import { setTimeout as sleep } from 'node:timers/promises'
import type { NextSegment } from './replayNext.ts'

/** How long a look takes that is not the last. */
export const LOOK_MS = 2_000

/** A replay that may never end, kept between two looks at it. */
export type NextWatch = { next: Promise<NextSegment> | undefined }

/**
 * What became of the segment after the last committed one; undefined while nobody knows. The replay goes on between looks,
 * which are short: whoever looks says by the chain's clock which is the last one. What came to no state until then is
 * called stalled. What fails is begun anew at the next look. Throws what `start` does.
 * @param lastMs this look is the last, and waits so long
 */
export async function lookAtNext(
  watch: NextWatch,
  lastMs: number | undefined,
  start: () => Promise<NextSegment>,
): Promise<NextSegment | undefined> {
  const isLast = lastMs !== undefined
  watch.next ??= start()
  watch.next.catch(() => {}) // it may fail between two looks: the next one hears of it
  try {
    const next = await Promise.race([watch.next, sleep(lastMs ?? LOOK_MS, undefined, { ref: false })])
    if (next?.kind !== 'unavailable') return next ?? (isLast ? { kind: 'stalled' } : undefined)
  } catch (error) {
    watch.next = undefined
    throw error
  }
  watch.next = undefined
  return isLast ? { kind: 'unavailable' } : undefined
}

import type { Logger } from 'pino'

/** Work that goes on beside the loop that begins it. */
export type Beside<T> = {
  /** Begins it once its time has come, unless what was begun before is still under way. */
  start: (on: T) => void
  /** what is under way */
  readonly busy: Promise<void> | undefined
}

/** Work that is done again `everyMs`, and holds nothing else up while it waits for strangers. What fails is logged. */
export function beside<T>(
  everyMs: number,
  work: (on: T) => Promise<void>,
  log: Pick<Logger, 'warn'>,
): Beside<T> {
  let nextMs = 0
  let busy: Promise<void> | undefined
  return {
    get busy() {
      return busy
    },
    start(on) {
      if (busy || Date.now() < nextMs) return
      nextMs = Date.now() + everyMs
      busy = work(on)
        .catch((error: unknown) => log.warn({ err: error }, 'trying again'))
        .finally(() => {
          busy = undefined
        })
    },
  }
}

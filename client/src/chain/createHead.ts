/** The newest block that the follower saw; waiters wake at each newer one. */
export type Head = {
  current(): { number: number; timestamp: number }
  /** The chain's time now (Unix ms): this machine's clock, unless the chain's blocks show that it is wrong. */
  nowMs(): number
  announce(block: { number: number; timestamp: number }): void
  /** Resolves at the next new block, or after maxWaitMs. Rejects when signal aborts. */
  next(signal: AbortSignal, maxWaitMs?: number): Promise<void>
}

const MAX_WAIT_MS = 5_000 // time passes on a chain that mines no blocks, too

/** A clock that is further from the chain's than this was set wrong, or the chain was warped. */
const MAX_SKEW_MS = 60_000

/** A head that nothing has announced yet stands at block 0. */
export function createHead(): Head {
  let block = { number: 0, timestamp: 0 }
  let seenAtMs = performance.now()
  let isMoving = false // a block seen to appear tells the time; one that was there already may be old
  const waiting = new Set<() => void>()
  return {
    current: () => block,
    nowMs() {
      const clockMs = Date.now()
      if (!isMoving) return Math.max(clockMs, block.timestamp * 1000)
      // Timers take whole milliseconds only.
      const chainMs = block.timestamp * 1000 + Math.floor(performance.now() - seenAtMs)
      return Math.abs(clockMs - chainMs) > MAX_SKEW_MS ? chainMs : clockMs
    },
    announce(next) {
      if (next.number === block.number && next.timestamp === block.timestamp) return
      isMoving ||= block.number > 0 && next.number > block.number
      seenAtMs = performance.now()
      block = next
      for (const wake of [...waiting]) wake()
    },
    next(signal, maxWaitMs = MAX_WAIT_MS) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const finish = () => {
          clearTimeout(timer)
          waiting.delete(finish)
          signal.removeEventListener('abort', finish)
          if (signal.aborted) reject(signal.reason)
          else resolve()
        }
        const timer = setTimeout(finish, maxWaitMs)
        waiting.add(finish)
        signal.addEventListener('abort', finish)
      })
    },
  }
}

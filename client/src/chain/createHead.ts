/** The newest block that the follower saw; waiters wake at each newer one. */
export type Head = {
  current(): { number: number; timestamp: number }
  announce(block: { number: number; timestamp: number }): void
  /** Resolves at the next new block, or after maxWaitMs. Rejects when signal aborts. */
  next(signal: AbortSignal, maxWaitMs?: number): Promise<void>
}

const MAX_WAIT_MS = 5_000 // time passes on a chain that mines no blocks, too

/** A head that nothing has announced yet stands at block 0. */
export function createHead(): Head {
  let block = { number: 0, timestamp: 0 }
  const waiting = new Set<() => void>()
  return {
    current: () => block,
    announce(next) {
      if (next.number === block.number && next.timestamp === block.timestamp) return
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

const TICK_MS = 1_000

/**
 * Mines a block a second while `isNeeded` says so. anvil mines a block for each transaction, but beacons and
 * deadlines need blocks to come when nobody sends one; its own interval mining cannot be paused without losing the
 * former, and a chain that ticks all day grows for nothing.
 */
export function startTicker(
  mine: () => Promise<unknown>,
  isNeeded: () => Promise<boolean>,
): { stop: () => void } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const tick = async () => {
    try {
      if (await isNeeded()) await mine()
    } catch {
      // The chain is being stopped or restarted; the next tick tries again.
    }
    if (!stopped) timer = setTimeout(tick, TICK_MS)
  }
  void tick()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

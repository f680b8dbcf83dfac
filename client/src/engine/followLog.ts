import type { OrderContext } from './context.ts'

type Line = { at: number; stream: 'stdout' | 'stderr'; line: string }

/**
 * Takes a run's log lines into the order's events until it ends or signal aborts; after a restart from the last line
 * of each stream that was kept. Of one millisecond some lines may have been kept, others not. A clock that was set back
 * tells nothing about what was kept: then all of the log comes again, since a line twice is better than none.
 */
export async function followLog(order: OrderContext, runId: string, signal: AbortSignal): Promise<void> {
  const { events, driver } = order
  const kept = { stdout: newestOf(order, 'stdout'), stderr: newestOf(order, 'stderr') }
  await driver.logs(
    runId,
    Math.min(kept.stdout.at, kept.stderr.at),
    (line) => {
      const newest = kept[line.stream]
      if (line.at < newest.at || (line.at === newest.at && newest.count-- > 0)) return
      events.emit('log', line)
    },
    signal,
  )
}

/** When a stream's newest kept lines were written, and how many they are. */
function newestOf({ events }: OrderContext, stream: Line['stream']): { at: number; count: number } {
  const newest = { at: 0, count: 0 }
  const nowMs = Date.now()
  for (const { event, data } of events.since(0).events) {
    if (event !== 'log') continue
    const line = JSON.parse(data) as Line
    if (line.stream !== stream || line.at > nowMs) continue
    if (line.at === newest.at) newest.count++
    else Object.assign(newest, { at: line.at, count: 1 })
  }
  return newest
}

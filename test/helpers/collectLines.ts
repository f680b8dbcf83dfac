import type { Driver } from '../../client/src/drivers/driver.ts'

export type Line = { at: number; stream: 'stdout' | 'stderr'; line: string }

/** Follows a run's log until a line contains text, or the run ends, and returns the lines so far. */
export async function linesUntil(driver: Driver, runId: string, text: string, sinceMs = 0): Promise<Line[]> {
  const lines: Line[] = []
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)])
  await driver.logs(
    runId,
    sinceMs,
    (line) => {
      lines.push(line)
      if (line.line.includes(text)) stop.abort()
    },
    signal,
  )
  return lines
}

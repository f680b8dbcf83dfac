/** Measures consecutive phases by name, in seconds with two decimals. */
export function createPhases(nowMs: () => number) {
  const seconds: Record<string, number> = {}
  const begin = nowMs()
  let since = begin
  const round = (ms: number) => Math.round(ms / 10) / 100
  return {
    /** Ends the phase that ran until now under this name. */
    end(name: string) {
      const at = nowMs()
      seconds[name] = round(at - since)
      since = at
    },
    seconds: () => ({ ...seconds, total: round(nowMs() - begin) }),
  }
}

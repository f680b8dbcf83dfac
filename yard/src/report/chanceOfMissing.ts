export type DrawnWindow = { segments: number; draws: number }

/**
 * Chance that an audit misses a seller who faked `faked[w]` segments of window w, each fake certain to be seen when
 * drawn. Windows are drawn independently and without replacement, so it is the product over windows of the
 * hypergeometric chance of drawing honest segments only: C(n-f, c) / C(n, c). The fixed draw of the first and the
 * last segment is left out: a cheat that knows the rules would be honest there.
 */
export function chanceOfMissing(windows: readonly DrawnWindow[], faked: readonly number[]): number {
  return windows.reduce((chance, window, index) => chance * windowChance(window, faked[index] ?? 0), 1)
}

function windowChance({ segments, draws }: DrawnWindow, faked: number): number {
  let chance = 1
  for (let drawn = 0; drawn < draws; drawn += 1)
    chance *= Math.max(0, segments - faked - drawn) / (segments - drawn)
  return chance
}

/** How a share of faked segments falls on the windows when a cheat spreads them as evenly as it can. */
export function spreadEvenly(windows: readonly DrawnWindow[], faked: number): number[] {
  const total = windows.reduce((sum, { segments }) => sum + segments, 0)
  let before = 0
  return windows.map(({ segments }) => {
    const from = Math.round((faked * before) / total)
    before += segments
    return Math.round((faked * before) / total) - from
  })
}

/** What of an order the draw depends on. */
type Drawn = {
  readonly draws: number
  readonly totalWindows: number
  readonly windows: readonly { readonly index: number; readonly segments: number }[]
}

/**
 * The chance that the draw hits at least one of `faked` segments when a seller spreads them in the way that is hardest
 * to hit. Window w has n segments of which c are drawn without replacement, so k fakes in it are missed with chance
 * C(n-k, c) / C(n, c); that is log-concave in k, so adding each fake where it costs least is the optimum.
 * The first and the last segment are always audited: a faker leaves them honest.
 */
export const worstCaseDetection = (order: Drawn, faked: number): number => {
  const windows = order.windows.map(({ index, segments }) => ({
    segments,
    drawn: Math.min(drawsOf(index, order), segments),
    faked: 0,
  }))
  let missed = 1
  for (let left = faked; left > 0; left -= 1) {
    let easiest: { window: (typeof windows)[number]; factor: number } | undefined
    for (const window of windows) {
      const honest = window.segments - window.faked
      const factor = honest <= 0 ? -1 : (honest - window.drawn) / honest
      if (factor >= 0 && (easiest === undefined || factor > easiest.factor)) easiest = { window, factor }
    }
    if (easiest === undefined) return 1
    easiest.window.faked += 1
    missed *= easiest.factor
  }
  return 1 - missed
}

/** Random draws are spread evenly over the job's windows. */
const drawsOf = (window: number, { draws, totalWindows }: Drawn): number =>
  Math.floor((draws * (window + 1)) / totalWindows) - Math.floor((draws * window) / totalWindows)

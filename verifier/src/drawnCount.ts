/** A verdict's word holds two bits a segment: so many random ones, besides the first and the last. */
const MAX_DRAWS = 126

/**
 * How many segments of an order are audited: a share of the draws for each committed window, one more for each that was late
 * or amended while a verdict's word has room, at most as many as the window has besides the order's first and last segment;
 * and those two (docs/formats.md 1, Draws.sol).
 */
export function drawnCount(
  terms: { steps: number; stepsPerSegment: number; segmentsPerWindow: number; draws: number },
  windows: readonly { segments: number; extraDraw: boolean }[],
): number {
  const { steps, stepsPerSegment, segmentsPerWindow, draws } = terms
  const planned = Math.ceil(Math.ceil(steps / stepsPerSegment) / segmentsPerWindow)
  const committed = windows.reduce((sum, { segments }) => sum + segments, 0)
  let spare = MAX_DRAWS - draws
  let count = Math.min(committed, 2)
  for (const [w, { segments, extraDraw }] of windows.entries()) {
    const isFirst = w === 0
    const isLast = w === windows.length - 1
    const ends = isFirst && isLast ? Math.min(segments, 2) : Number(isFirst) + Number(isLast)
    const extra = extraDraw && spare > 0 ? 1 : 0
    spare -= extra
    const share = Math.floor((draws * (w + 1)) / planned) - Math.floor((draws * w) / planned) + extra
    count += Math.min(share, segments - ends)
  }
  return count
}

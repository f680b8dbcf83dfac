/**
 * The all-pass rule: a run counts only if every drawn segment passes; one that fails, or that nobody could judge, is
 * enough against it. Null where nothing was drawn.
 * @param verdicts by segment
 */
export function allPass(
  drawn: readonly number[],
  verdicts: ReadonlyMap<number, 'pass' | 'fail' | 'unavailable'>,
): { counts: boolean; against: number[] } | null {
  if (drawn.length === 0) return null
  const against = [...new Set(drawn)]
    .filter((segment) => verdicts.get(segment) !== 'pass')
    .sort((a, b) => a - b)
  return { counts: against.length === 0, against }
}

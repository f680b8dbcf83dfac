import type { DisputeSummary } from '../../server/api/schemas.ts'

/** What anybody may ask the chain to do for a dispute now: `resolve` closes a round, or returns a bond. */
export const dueCall = (
  { stage, deadlineAt, isBondHeld }: Pick<DisputeSummary, 'stage' | 'deadlineAt' | 'isBondHeld'>,
  nowSeconds: number,
): 'drawJury' | 'resolve' | undefined => {
  const isPast = deadlineAt > 0 && nowSeconds >= deadlineAt
  if (stage === 'Drawing' || (stage === 'Answering' && isPast)) return 'drawJury'
  if ((stage === 'Voting' && isPast) || (stage === 'Closed' && isBondHeld)) return 'resolve'
  return undefined
}

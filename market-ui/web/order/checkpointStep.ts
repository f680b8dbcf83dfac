import type { Order, WindowRow } from '../../server/api/schemas.ts'

/** Steps done at a window's end, which is where its last checkpoint is. */
export const checkpointStep = (
  { stepsPerSegment, steps }: Pick<Order, 'stepsPerSegment' | 'steps'>,
  { firstSegment, segments }: Pick<WindowRow, 'firstSegment' | 'segments'>,
): number => Math.min((firstSegment + segments) * stepsPerSegment, steps)

import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Number of orders ever placed; ids run from 1. */
export function readOrderCount(context: ChainContext): Promise<bigint> {
  return read(context, 'market', 'orderCount', [])
}

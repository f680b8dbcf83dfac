import type { ChainRows } from '../db/ChainRows.ts'
import type { BlockRef } from '../db/rowTypes.ts'
import type { ChainNode } from './ChainNode.ts'

/** The newest block that our rows and the chain have in common; undefined if there is none among those kept. */
export const findAncestor = async (
  rows: ChainRows,
  node: ChainNode,
  head: BlockRef,
): Promise<BlockRef | undefined> => {
  let below = head.number + 1
  for (;;) {
    const ours = await rows.blockBelow(below)
    if (ours === undefined) return undefined
    const theirs = ours.number === head.number ? head : await node.block(ours.number)
    if (theirs?.hash === ours.hash) return ours
    below = ours.number
  }
}

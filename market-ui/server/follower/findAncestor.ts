import type { BlockRef, ChainRows } from '../db/ChainRows.ts'
import type { ChainNode } from './ChainNode.ts'

/** The newest block that our rows and the chain have in common; undefined if there is none among those kept. */
export const findAncestor = async (
  rows: ChainRows,
  node: ChainNode,
  head: BlockRef,
): Promise<BlockRef | undefined> => {
  for (const ours of rows.blocksDownFrom(head.number)) {
    const theirs = ours.number === head.number ? head : await node.block(ours.number)
    if (theirs?.hash === ours.hash) return ours
  }
  return undefined
}

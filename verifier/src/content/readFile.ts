import type { CID } from 'multiformats/cid'
import type { ReadBlock } from './blockReader.ts'
import { decodeFileNode, type FileNode } from './decodeFileNode.ts'
import { ContentTooLarge, ContentUnsupported } from './errors.ts'
import { RAW } from './parseCid.ts'

const READ_CONCURRENCY = 4
const MAX_DEPTH = 4 // levels of nodes: 174 links each are 240 TB of leaves

/**
 * Reads the file below a CID into one array. Every block must hold as many bytes of the file as its parent says.
 * Waits for each read that it starts or hands its failure on, so that none is left to fail alone.
 * Throws ContentTooLarge, ContentUnsupported and what `readBlock` throws.
 */
export async function readFile(root: CID, maxBytes: number, readBlock: ReadBlock): Promise<Uint8Array> {
  const block = await readBlock(root)
  if (root.code === RAW) {
    if (block.length > maxBytes) throw new ContentTooLarge(root.toString(), maxBytes)
    return block
  }
  const node = decodeFileNode(root, block)
  if (node.size > BigInt(maxBytes)) throw new ContentTooLarge(root.toString(), maxBytes)
  const bytes = new Uint8Array(Number(node.size))
  await readChildren(node, { at: 0, depth: 1 }, bytes, readBlock)
  return bytes
}

type Place = { readonly at: number; readonly depth: number }
type Child = { readonly cid: CID; readonly size: number; readonly at: number }

async function readChildren(
  node: FileNode,
  { at, depth }: Place,
  into: Uint8Array,
  readBlock: ReadBlock,
): Promise<void> {
  let leaves: Child[] = []
  const readLeaves = async () => {
    await Promise.all(leaves.map((leaf) => readLeaf(leaf, into, readBlock)))
    leaves = []
  }
  let next = at
  for (const { cid, size } of node.children) {
    const child = { cid, size: Number(size), at: next }
    next += child.size
    if (cid.code === RAW) leaves.push(child)
    else await readNode(child, depth + 1, into, readBlock)
    if (leaves.length === READ_CONCURRENCY) await readLeaves()
  }
  await readLeaves()
}

async function readLeaf(leaf: Child, into: Uint8Array, readBlock: ReadBlock): Promise<void> {
  const block = await readBlock(leaf.cid)
  checkSize(leaf, block.length)
  into.set(block, leaf.at)
}

async function readNode(child: Child, depth: number, into: Uint8Array, readBlock: ReadBlock): Promise<void> {
  if (depth > MAX_DEPTH)
    throw new ContentUnsupported(child.cid.toString(), `it is more than ${MAX_DEPTH} levels deep`)
  const node = decodeFileNode(child.cid, await readBlock(child.cid))
  checkSize(child, node.size)
  await readChildren(node, { at: child.at, depth }, into, readBlock)
}

function checkSize(child: Child, size: number | bigint): void {
  if (BigInt(child.size) === BigInt(size)) return
  throw new ContentUnsupported(
    child.cid.toString(),
    `it holds ${size} bytes of its file where ${child.size} are declared`,
  )
}

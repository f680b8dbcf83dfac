import { decode, type PBNode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import { ContentUnsupported } from './errors.ts'

/** A node of a file's tree: its children in order, and how many bytes of the file each says to hold. */
export type FileNode = {
  readonly children: readonly { readonly cid: CID; readonly size: bigint }[]
  readonly size: bigint
}

/**
 * Reads a dag-pb block as a node of a UnixFS file over raw leaves: such a node has children and no bytes of its own.
 * Throws ContentUnsupported for anything else.
 */
export function decodeFileNode(cid: CID, block: Uint8Array): FileNode {
  const name = cid.toString()
  const { Data, Links } = decodeOr(name, () => decode(block))
  if (!Data) throw new ContentUnsupported(name, 'it is dag-pb without UnixFS data')
  const file = decodeOr(name, () => UnixFS.unmarshal(Data))
  if (file.type !== 'file' && file.type !== 'raw')
    throw new ContentUnsupported(name, `it is no file but ${file.type}`)
  if (file.blockSizes.length !== Links.length)
    throw new ContentUnsupported(name, `it has ${Links.length} links and ${file.blockSizes.length} sizes`)
  if (Links.length === 0 || file.data?.length)
    throw new ContentUnsupported(name, 'it holds bytes itself, which only raw leaves may')
  return { children: childrenOf(Links, file.blockSizes), size: file.fileSize() }
}

function childrenOf(links: PBNode['Links'], sizes: readonly bigint[]): FileNode['children'] {
  return links.map(({ Hash }, i) => ({ cid: Hash, size: sizes[i]! }))
}

/** The two decoders throw plain errors of many kinds; nothing else runs in here. */
function decodeOr<T>(name: string, decodeIt: () => T): T {
  try {
    return decodeIt()
  } catch (error) {
    throw new ContentUnsupported(name, error instanceof Error ? error.message : String(error))
  }
}

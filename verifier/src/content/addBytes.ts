import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import type { CID } from 'multiformats/cid'

export type Block = { readonly cid: string; readonly bytes: Uint8Array }

export const CHUNK_BYTES = 256 * 1024
const LINKS_PER_NODE = 174 // as `ipfs add --cid-version=1` lays files out

/**
 * Splits bytes into the blocks of one UnixFS file: CIDv1, raw leaves, sha2-256, 256 KiB chunks, so that equal bytes
 * have one CID everywhere. Leaves come before the nodes that link to them.
 */
export async function addBytes(bytes: Uint8Array): Promise<{ cid: string; blocks: Block[] }> {
  const blocks = new Map<string, Block>()
  const store = {
    async put(cid: CID, block: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
      if (!(block instanceof Uint8Array)) throw new TypeError('the importer hands over whole blocks')
      const name = cid.toString()
      blocks.set(name, { cid: name, bytes: block })
      return cid
    },
  }
  const options = {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
    layout: balanced({ maxChildrenPerNode: LINKS_PER_NODE }),
    blockWriteConcurrency: 1,
  } as const
  let root: CID | undefined
  for await (const entry of importer([{ content: bytes }], store, options)) root = entry.cid
  if (!root) throw new TypeError('the importer gave no root')
  return { cid: root.toString(), blocks: [...blocks.values()] }
}

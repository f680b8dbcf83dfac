import type { CID } from 'multiformats/cid'
import { CHUNK_BYTES } from './addBytes.ts'
import { ContentMismatch, ContentTooLarge, ContentUnavailable, ContentUnsupported } from './errors.ts'
import { fetchBytes } from './fetchBytes.ts'
import { matchesCid } from './matchesCid.ts'
import { checkCid } from './parseCid.ts'

/** Largest block that gateways pass on. */
const MAX_BLOCK_BYTES = 2 * 1024 * 1024
const LINK_OVERHEAD = 1.01 // nodes that link leaves are far below a hundredth of the file
const NODE_OVERHEAD = 1.02 // and there is one node to 174 leaves
const SPARE_BLOCKS = 8

/** Fetches one block; its bytes hash to the CID. */
export type ReadBlock = (link: CID) => Promise<Uint8Array>

/**
 * Reads blocks from a trustless gateway within one budget of time, bytes and blocks. A file in the layout of `addBytes`
 * that is no larger than `maxBytes` fits the budget. Reading throws ContentMismatch, ContentTooLarge,
 * ContentUnavailable or ContentUnsupported.
 */
export function blockReader(args: {
  gateway: string
  maxBytes: number
  timeoutMs: number
  signal: AbortSignal
}): ReadBlock {
  const { maxBytes, timeoutMs, signal } = args
  const deadline = Date.now() + timeoutMs
  const base = args.gateway.replace(/\/$/, '')
  const maxBlocks = Math.ceil(maxBytes / CHUNK_BYTES) * NODE_OVERHEAD + SPARE_BLOCKS
  let bytesLeft = maxBytes * LINK_OVERHEAD + MAX_BLOCK_BYTES
  let blocks = 0
  return async (link) => {
    const cid = checkCid(link)
    const url = `${base}/ipfs/${cid}?format=raw`
    if (++blocks > maxBlocks)
      throw new ContentUnsupported(cid.toString(), `its file has more blocks than ${maxBytes} bytes need`)
    const leftMs = deadline - Date.now()
    if (leftMs <= 0) throw new ContentUnavailable(url, `no answer within ${timeoutMs} ms`)
    const headers = { accept: 'application/vnd.ipld.raw' }
    const bytes = await fetchBytes({ url, maxBytes: MAX_BLOCK_BYTES, timeoutMs: leftMs, headers, signal })
    if (!matchesCid(cid, bytes)) throw new ContentMismatch(cid.toString(), base)
    bytesLeft -= bytes.length
    if (bytesLeft < 0) throw new ContentTooLarge(cid.toString(), maxBytes)
    return bytes
  }
}

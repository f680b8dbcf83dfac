import { exporter } from 'ipfs-unixfs-exporter'
import type { CID } from 'multiformats/cid'
import { VerifierError } from '../errors.ts'
import { ContentMismatch, ContentTooLarge, ContentUnsupported } from './errors.ts'
import { fetchBytes } from './fetchBytes.ts'
import { matchesCid } from './matchesCid.ts'
import { checkCid, parseCid } from './parseCid.ts'

/** Largest block that gateways pass on. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024
const LINK_OVERHEAD = 1.01 // nodes that link leaves are far below a hundredth of the file
const READ_CONCURRENCY = 4

/**
 * Fetches a file by CID from a trustless gateway (`GET <gateway>/ipfs/<cid>?format=raw`) and checks every block's
 * hash as it comes. `timeoutMs` limits the whole.
 * Throws ContentMismatch, ContentTooLarge, ContentUnavailable or ContentUnsupported.
 */
export async function fetchContent(args: {
  cid: string
  gateway: string
  maxBytes: number
  timeoutMs: number
}): Promise<Uint8Array> {
  const root = parseCid(args.cid)
  const store = blockReader(args)
  try {
    const entry = await exporter(root, store)
    if (entry.type !== 'file' && entry.type !== 'raw')
      throw new ContentUnsupported(args.cid, `it is no file but ${entry.type}`)
    if (entry.size > BigInt(args.maxBytes)) throw new ContentTooLarge(args.cid, args.maxBytes)
    return await collect(
      entry.content({ blockReadConcurrency: READ_CONCURRENCY }),
      Number(entry.size),
      args.cid,
    )
  } catch (error) {
    if (error instanceof VerifierError) throw error
    throw new ContentUnsupported(args.cid, error instanceof Error ? error.message : String(error))
  }
}

/** A block store that reads from the gateway, within one budget of time and bytes. */
function blockReader(args: { gateway: string; maxBytes: number; timeoutMs: number }) {
  const deadline = Date.now() + args.timeoutMs
  const base = args.gateway.replace(/\/$/, '')
  let budget = args.maxBytes * LINK_OVERHEAD + MAX_BLOCK_BYTES
  return {
    async *get(link: CID): AsyncGenerator<Uint8Array> {
      const cid = checkCid(link)
      const bytes = await fetchBytes({
        url: `${base}/ipfs/${cid}?format=raw`,
        maxBytes: MAX_BLOCK_BYTES,
        timeoutMs: Math.max(deadline - Date.now(), 1),
        headers: { accept: 'application/vnd.ipld.raw' },
      })
      if (!matchesCid(cid, bytes)) throw new ContentMismatch(cid.toString(), base)
      budget -= bytes.length
      if (budget < 0) throw new ContentTooLarge(cid.toString(), args.maxBytes)
      yield bytes
    },
  }
}

async function collect(content: AsyncIterable<Uint8Array>, size: number, cid: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const chunk of content) {
    if (at + chunk.length > size) throw new ContentUnsupported(cid, 'it holds more than it says')
    bytes.set(chunk, at)
    at += chunk.length
  }
  if (at !== size) throw new ContentUnsupported(cid, 'it holds less than it says')
  return bytes
}

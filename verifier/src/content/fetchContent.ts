import { addBytes } from './addBytes.ts'
import { blockReader } from './blockReader.ts'
import { ContentUnsupported } from './errors.ts'
import { parseCid } from './parseCid.ts'
import { readFile } from './readFile.ts'

/**
 * Fetches a file by CID from a trustless gateway (`GET <gateway>/ipfs/<cid>?format=raw`) and checks every block's
 * hash as it comes. `timeoutMs` limits the whole. Only the layout of `addBytes` is accepted, so that bytes and CID
 * name each other and all who read a CID agree on whether it can be read.
 * Throws ContentMismatch, ContentTooLarge, ContentUnavailable or ContentUnsupported.
 */
export async function fetchContent(args: {
  cid: string
  gateway: string
  maxBytes: number
  timeoutMs: number
}): Promise<Uint8Array> {
  const root = parseCid(args.cid)
  const abort = new AbortController()
  try {
    const readBlock = blockReader({ ...args, signal: abort.signal })
    const bytes = await readFile(root, args.maxBytes, readBlock)
    const { cid } = await addBytes(bytes)
    if (cid !== root.toString())
      throw new ContentUnsupported(
        args.cid,
        `its blocks are not laid out as they must be, which would make it ${cid}`,
      )
    return bytes
  } finally {
    abort.abort() // after a failure, other reads may be under way
  }
}

import { CID } from 'multiformats/cid'
import { ContentUnsupported } from './errors.ts'

export const RAW = 0x55
const DAG_PB = 0x70
const SHA2_256 = 0x12
const MAX_CID_CHARS = 128

/** Parses the CIDs used here: version 1, raw or dag-pb, sha2-256 of 32 bytes. Throws ContentUnsupported. */
export function parseCid(text: string): CID {
  let cid: CID
  try {
    if (text.length > MAX_CID_CHARS) throw new RangeError('too long')
    cid = CID.parse(text)
  } catch {
    throw new ContentUnsupported(text.slice(0, MAX_CID_CHARS), 'it is not a CID')
  }
  return checkCid(cid)
}

/** Also for CIDs that a fetched block links to. */
export function checkCid(cid: CID): CID {
  if (cid.version !== 1) throw new ContentUnsupported(cid.toString(), 'its CID version is not 1')
  if (cid.code !== RAW && cid.code !== DAG_PB)
    throw new ContentUnsupported(cid.toString(), 'its codec is neither raw nor dag-pb')
  if (cid.multihash.code !== SHA2_256 || cid.multihash.digest.length !== 32) {
    throw new ContentUnsupported(cid.toString(), 'its hash is not sha2-256')
  }
  return cid
}

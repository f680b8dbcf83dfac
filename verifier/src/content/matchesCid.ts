import type { CID } from 'multiformats/cid'
import { sha256 } from '#sha256'

/** Whether a block's bytes hash to its CID (which `parseCid` has accepted: sha2-256). */
export function matchesCid(cid: CID, bytes: Uint8Array): boolean {
  const digest = sha256(bytes)
  return digest.every((byte, i) => byte === cid.multihash.digest[i])
}

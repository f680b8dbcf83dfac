import { getBytes } from 'ethers'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'

const RAW = 0x55
const SHA2_256 = 0x12

/** CID of the single raw block whose SHA-256 is known: a job's bytes are found by the hash in its order. */
export function rawCid(sha256Hex: string): string {
  return CID.createV1(RAW, Digest.create(SHA2_256, getBytes(sha256Hex))).toString()
}

import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

/** A raw block's CID, computed apart from the server's code. */
export const cidOf = (bytes: Uint8Array, codec = 0x55): string =>
  CID.createV1(codec, create(0x12, createHash('sha256').update(bytes).digest())).toString()

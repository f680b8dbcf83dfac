import { CID } from 'multiformats/cid'
import { HttpProblem } from '../errors.ts'

const SHA2_256 = 0x12
const CODECS = new Set([0x55, 0x70]) // raw and dag-pb: all that UnixFS content is made of

/**
 * Reads a CID from outside: version 1, sha2-256, raw or dag-pb. Everything else is refused, so that what is stored
 * can be checked by everybody. Throws HttpProblem 400.
 */
export const parseBlockCid = (untrustedCid: string): CID => {
  let cid: CID
  try {
    cid = CID.parse(untrustedCid)
  } catch {
    throw badCid(untrustedCid)
  }
  const whole = cid.version === 1 && cid.multihash.code === SHA2_256 && cid.multihash.digest.length === 32
  if (!whole || !CODECS.has(cid.code)) throw badCid(untrustedCid)
  return cid
}

const badCid = (untrustedCid: string) =>
  new HttpProblem(
    400,
    'Not a CID this store takes',
    `"${untrustedCid.slice(0, 80)}" is not a version 1 CID with sha2-256 over a raw or dag-pb block.`,
    'Add the content as CIDv1 UnixFS with raw leaves.',
  )

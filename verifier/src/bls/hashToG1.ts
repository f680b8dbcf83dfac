import { createHasher } from '@noble/curves/abstract/hash-to-curve.js'
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import { bn254 } from '@noble/curves/bn254.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { mapToG1 } from './mapToG1.ts'

/** drand's suite for its EVM networks; ours use it with tags of their own. */
export const EVMNET_DST = 'BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_'

const hasher = createHasher(bn254.G1.Point, ([u]) => mapToG1(u!), {
  DST: EVMNET_DST,
  encodeDST: EVMNET_DST,
  p: bn254.fields.Fp.ORDER,
  m: 1,
  k: 128,
  expand: 'xmd',
  hash: keccak_256,
})

/** A point of BN254's G1 that nobody knows the logarithm of (RFC 9380, 3: hash_to_curve, random oracle). */
export function hashToG1(dst: string, message: Uint8Array): WeierstrassPoint<bigint> {
  return hasher.hashToCurve(message, { DST: dst })
}

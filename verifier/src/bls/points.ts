import { bn254 } from '@noble/curves/bn254.js'

/** A point of G1, as the precompiles of EIP-196 take it. */
export type SignaturePoint = readonly [x: bigint, y: bigint]
/** A point of G2 as the pairing of EIP-197 takes it: the imaginary part of a coordinate comes first. */
export type PublicKeyPoint = readonly [xIm: bigint, xRe: bigint, yIm: bigint, yRe: bigint]

export type G1Point = InstanceType<typeof bn254.G1.Point>
export type G2Point = InstanceType<typeof bn254.G2.Point>

export function signaturePointOf(point: G1Point): SignaturePoint {
  const { x, y } = point.toAffine()
  return [x, y]
}

export function publicKeyPointOf(point: G2Point): PublicKeyPoint {
  const { x, y } = point.toAffine()
  return [x.c1, x.c0, y.c1, y.c0]
}

/** Throws Error if the point is not on the curve, or is zero. */
export function readSignaturePoint([x, y]: SignaturePoint): G1Point {
  const point = bn254.G1.Point.fromAffine({ x, y })
  point.assertValidity()
  if (point.is0()) throw new RangeError('The signature is the point at infinity.')
  return point
}

/** Throws Error if the point is not in the subgroup, or is zero. */
export function readPublicKeyPoint([xIm, xRe, yIm, yRe]: PublicKeyPoint): G2Point {
  const point = bn254.G2.Point.fromAffine({ x: { c0: xRe, c1: xIm }, y: { c0: yRe, c1: yIm } })
  point.assertValidity()
  if (point.is0()) throw new RangeError('The public key is the point at infinity.')
  return point
}

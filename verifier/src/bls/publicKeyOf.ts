import { bn254 } from '@noble/curves/bn254.js'
import { type PublicKeyPoint, publicKeyPointOf } from './points.ts'

export function publicKeyOf(secretKey: bigint): PublicKeyPoint {
  return publicKeyPointOf(bn254.G2.Point.BASE.multiply(secretKey))
}

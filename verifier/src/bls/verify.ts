import { bn254 } from '@noble/curves/bn254.js'
import { hashToG1 } from './hashToG1.ts'
import { type PublicKeyPoint, readPublicKeyPoint, readSignaturePoint, type SignaturePoint } from './points.ts'

/** Whether e(signature, G2) = e(H(message), publicKey). A point that is none makes it false. */
export function verify(
  publicKey: PublicKeyPoint,
  dst: string,
  message: Uint8Array,
  signature: SignaturePoint,
): boolean {
  const points = readPoints(publicKey, signature)
  if (!points) return false
  const product = bn254.pairingBatch([
    { g1: points.signature.negate(), g2: bn254.G2.Point.BASE },
    { g1: hashToG1(dst, message), g2: points.publicKey },
  ])
  return bn254.fields.Fp12.eql(product, bn254.fields.Fp12.ONE)
}

function readPoints(publicKey: PublicKeyPoint, signature: SignaturePoint) {
  try {
    return { publicKey: readPublicKeyPoint(publicKey), signature: readSignaturePoint(signature) }
  } catch {
    return undefined
  }
}

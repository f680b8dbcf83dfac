import { hashToG1 } from './hashToG1.ts'
import { type SignaturePoint, signaturePointOf } from './points.ts'

/** The one signature of this key on this message: BLS on BN254, signatures in G1 (Boneh, Lynn, Shacham 2001). */
export function sign(secretKey: bigint, dst: string, message: Uint8Array): SignaturePoint {
  return signaturePointOf(hashToG1(dst, message).multiply(secretKey))
}

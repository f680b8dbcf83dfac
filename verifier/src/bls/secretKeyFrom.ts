import { bn254_Fr } from '@noble/curves/bn254.js'
import { keccak_256 } from '@noble/hashes/sha3.js'

/** A secret key out of secret bytes: 64 hashed bytes modulo the group's order, so that no key is likelier than another. */
export function secretKeyFrom(secret: Uint8Array): bigint {
  const wide = [0, 1].map((part) => keccak_256(Uint8Array.of(part, ...secret)))
  const number = wide.reduce((sum, bytes) => bytes.reduce((acc, byte) => (acc << 8n) | BigInt(byte), sum), 0n)
  return (number % (bn254_Fr.ORDER - 1n)) + 1n
}

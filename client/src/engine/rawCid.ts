import { getBytes } from 'ethers'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567' // RFC 4648 base32, lower case
const PREFIX = [0x01, 0x55, 0x12, 0x20] // CIDv1, raw, sha2-256, 32 bytes

/** CID of the single raw block whose SHA-256 is known: a job's bytes are found by the hash in its order. */
export function rawCid(sha256Hex: string): string {
  let text = 'b'
  let bits = 0
  let value = 0
  for (const byte of [...PREFIX, ...getBytes(sha256Hex)]) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(value >> (bits - 5)) & 31]
    value &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31]
}

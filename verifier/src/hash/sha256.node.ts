import { hash } from 'node:crypto'

/** SHA-256 (FIPS 180-4) of `bytes`, 32 bytes. The one-shot call has no per-hash object to set up. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

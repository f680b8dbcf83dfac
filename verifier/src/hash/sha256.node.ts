import { hash } from 'node:crypto'

/** SHA-256 (FIPS 180-4) of `bytes`, 32 bytes. The one-shot call has no per-hash object to set up. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/** Writes the SHA-256 of `bytes` to out[at..at+32]. By way of a string, which costs less than a buffer of its own. */
export function sha256Into(bytes: Uint8Array, out: Uint8Array, at: number): void {
  const digest = hash('sha256', bytes, 'binary')
  for (let i = 0; i < 32; i++) out[at + i] = digest.charCodeAt(i)
}

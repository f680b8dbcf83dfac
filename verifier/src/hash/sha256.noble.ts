import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'

/** SHA-256 (FIPS 180-4) of `bytes`, 32 bytes: the browser's twin of sha256.node.ts. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

/** Writes the SHA-256 of `bytes` to out[at..at+32]. */
export function sha256Into(bytes: Uint8Array, out: Uint8Array, at: number): void {
  out.set(nobleSha256(bytes), at)
}

/** Threefry's key-schedule constant for 32-bit words. */
const PARITY = 0x1bd11bda

/** A 64-bit key as two 32-bit words, and a slot for the two words of output. */
export type Threefry = { k0: number; k1: number; x0: number; x1: number }

/** Generator keyed by the first 8 bytes (big-endian words) of a 0x-prefixed seed. */
export function threefryOf(seed: string): Threefry {
  const k0 = Number.parseInt(seed.slice(2, 10), 16)
  const k1 = Number.parseInt(seed.slice(10, 18), 16)
  return { k0: k0 | 0, k1: k1 | 0, x0: 0, x1: 0 }
}

/**
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; 2011).
 * Leaves its two unsigned output words in rng.x0 and rng.x1.
 */
export function threefry(rng: Threefry, c0: number, c1: number): void {
  const k0 = rng.k0
  const k1 = rng.k1
  const k2 = PARITY ^ k0 ^ k1
  rng.x0 = (c0 + k0) | 0
  rng.x1 = (c1 + k1) | 0
  rounds(rng, 13, 15, 26, 6, k1, (k2 + 1) | 0)
  rounds(rng, 17, 29, 16, 24, k2, (k0 + 2) | 0)
  rounds(rng, 13, 15, 26, 6, k0, (k1 + 3) | 0)
  rounds(rng, 17, 29, 16, 24, k1, (k2 + 4) | 0)
  rounds(rng, 13, 15, 26, 6, k2, (k0 + 5) | 0)
  rng.x0 >>>= 0
  rng.x1 >>>= 0
}

/** Four rounds with rotations r0 to r3, then a key injection. */
function rounds(
  rng: Threefry,
  r0: number,
  r1: number,
  r2: number,
  r3: number,
  add0: number,
  add1: number,
): void {
  let x0 = rng.x0
  let x1 = rng.x1
  x0 = (x0 + x1) | 0
  x1 = ((x1 << r0) | (x1 >>> (32 - r0))) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << r1) | (x1 >>> (32 - r1))) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << r2) | (x1 >>> (32 - r2))) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << r3) | (x1 >>> (32 - r3))) ^ x0
  rng.x0 = (x0 + add0) | 0
  rng.x1 = (x1 + add1) | 0
}

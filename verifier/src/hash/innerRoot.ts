import { merkleRoot } from './merkle.ts'

/** Float32 bits of one step's batch loss and gradient norm. */
export type InnerStep = readonly [lossBits: number, gradNormBits: number]

/**
 * Commitment to what only a real replay knows: Merkle root over the steps of a segment, leaf data u64be step,
 * u32be lossBits, u32be gradNormBits. `step` counts steps done: the first leaf has firstStep + 1.
 */
export function innerRoot(firstStep: number, inner: readonly InnerStep[]): Uint8Array {
  return merkleRoot(
    inner.map(([lossBits, gradNormBits], i) => {
      const leaf = new DataView(new ArrayBuffer(16))
      leaf.setBigUint64(0, BigInt(firstStep + 1 + i))
      leaf.setUint32(8, lossBits)
      leaf.setUint32(12, gradNormBits)
      return new Uint8Array(leaf.buffer)
    }),
  )
}

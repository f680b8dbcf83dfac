import { readSafetensors, writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'

/** A segment as it was claimed: checkpoint files around it, and its steps' bits. */
export type Segment = {
  before: Uint8Array
  after: Uint8Array
  inner: readonly InnerStep[]
  fromStep: number
  toStep: number
}

/** The claim with the numbers of its model's tensors made anew; the optimiser's and counters stay. */
export function reshaped(
  claim: Segment,
  make: (now: number, before: number, name: string) => number,
): Segment {
  const start = new Map(readSafetensors(claim.before).map((tensor) => [tensor.name, tensor]))
  const tensors = readSafetensors(claim.after).map((tensor) => {
    const { name, dtype, bytes } = tensor
    if (dtype !== 'F32' || name.startsWith('opt.')) return tensor
    const [now, then] = [bytes, start.get(name)!.bytes].map(
      (part) => new Float32Array(Uint8Array.from(part).buffer),
    )
    return { ...tensor, bytes: new Uint8Array(now!.map((value, i) => make(value, then![i]!, name)).buffer) }
  })
  return { ...claim, after: writeSafetensors(tensors) }
}

const word = new DataView(new ArrayBuffer(4))
/** Rounded to the upper half of a float32. */
export function toBf16(value: number): number {
  word.setFloat32(0, value)
  word.setUint32(0, (word.getUint32(0) + 0x8000) & 0xffff0000)
  return word.getFloat32(0)
}

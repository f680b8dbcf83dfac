import type { Tensor } from '../canonical/tensor.ts'

/** A tensor's numbers, or undefined where it holds none that arithmetic could blur: counters, masks, random states. */
export function floatsOf({ dtype, bytes }: Tensor): Float64Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = READERS[dtype]
  if (!read) return undefined
  const { size, at } = read
  return new Float64Array(bytes.byteLength / size).map((_, i) => at(view, i * size))
}

const READERS: Partial<Record<Tensor['dtype'], { size: number; at: (view: DataView, i: number) => number }>> =
  {
    F64: { size: 8, at: (view, i) => view.getFloat64(i, true) },
    F32: { size: 4, at: (view, i) => view.getFloat32(i, true) },
    F16: { size: 2, at: (view, i) => view.getFloat16(i, true) },
    BF16: { size: 2, at: bfloat16 },
  }

const word = new DataView(new ArrayBuffer(4))

/** The upper half of a float32. */
function bfloat16(view: DataView, i: number): number {
  word.setUint32(0, view.getUint16(i, true) << 16)
  return word.getFloat32(0)
}

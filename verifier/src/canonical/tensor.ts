/** A named tensor as it lies in a safetensors file: little-endian, row-major bytes. */
export type Tensor = { name: string; dtype: Dtype; shape: readonly number[]; bytes: Uint8Array }

/** Bytes per element of each dtype that a file may hold; anything else is rejected. */
export const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const

export type Dtype = keyof typeof DTYPE_BYTES

/** Sort order of tensors in files and roots: byte order of the UTF-8 names. */
export function byName(a: { name: string }, b: { name: string }): number {
  const left = new TextEncoder().encode(a.name)
  const right = new TextEncoder().encode(b.name)
  const shared = Math.min(left.length, right.length)
  for (let i = 0; i < shared; i++) if (left[i] !== right[i]) return left[i]! - right[i]!
  return left.length - right.length
}

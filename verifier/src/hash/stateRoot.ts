import { byName, type Tensor } from '../canonical/tensor.ts'
import { merkleRoot } from './merkle.ts'
import { tensorRoot } from './tensorRoot.ts'

/** State root of a checkpoint: Merkle root over one leaf per tensor, in byte order of their names. */
export function stateRoot(tensors: readonly Tensor[]): Uint8Array {
  const sorted = [...tensors].sort(byName)
  return merkleRoot(sorted.map((tensor, index) => stateLeaf(tensor, index)))
}

/** u32be index, u16be name length, name, u8 dtype length, dtype, u8 ndim, u64be dims, tensor root. */
function stateLeaf(tensor: Tensor, index: number): Uint8Array {
  const name = new TextEncoder().encode(tensor.name)
  const dtype = new TextEncoder().encode(tensor.dtype)
  const leaf = new Uint8Array(4 + 2 + name.length + 1 + dtype.length + 1 + 8 * tensor.shape.length + 32)
  const view = new DataView(leaf.buffer)
  view.setUint32(0, index)
  view.setUint16(4, name.length)
  leaf.set(name, 6)
  let at = 6 + name.length
  view.setUint8(at++, dtype.length)
  leaf.set(dtype, at)
  at += dtype.length
  view.setUint8(at++, tensor.shape.length)
  for (const dim of tensor.shape) {
    view.setBigUint64(at, BigInt(dim))
    at += 8
  }
  leaf.set(tensorRoot(tensor.bytes), at)
  return leaf
}

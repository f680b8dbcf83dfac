import { type Dice, mutate } from './mutate.ts'
import { mutateJson } from './mutateJson.ts'

/** A safetensors file with another header that fits its length again, other bytes, or neither. */
export function mutateSafetensors(bytes: Uint8Array, roll: Dice): Uint8Array {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const [header, data] = [bytes.slice(8, 8 + size), bytes.slice(8 + size)]
  switch (roll(4)) {
    case 0:
      return mutate(bytes, roll)
    case 1:
      return joined(header, changed(data, roll))
    case 2:
      return joined(moved(header, roll), data)
    default:
      return joined(mutateJson(header, roll), roll(4) === 0 ? mutate(data, roll) : data)
  }
}

/** Values changed in place: bits, zeroes, NaN and infinity. */
function changed(data: Uint8Array, roll: Dice): Uint8Array {
  const copy = new Uint8Array(data)
  const at = roll(Math.max(1, copy.length - 4)) & ~3
  const word = [0, 0x7fc00000, 0x7f800000, 0x80000000, 1, roll(2 ** 31)][roll(6)]!
  if (roll(2) === 0 && copy.length > 0) copy[roll(copy.length)]! ^= 1 << roll(8)
  else if (copy.length >= at + 4) new DataView(copy.buffer).setUint32(at, word, true)
  return copy
}

/** Offsets that overlap, leave gaps, or turn round; with spaces after the header as this project writes it. */
function moved(header: Uint8Array, roll: Dice): Uint8Array {
  const text = new TextDecoder().decode(header)
  const all = [...text.matchAll(/"data_offsets":\[(\d+),(\d+)\]/g)]
  const one = all[roll(all.length)]
  if (!one) return header
  const [from, to] = [Number(one[1]) + [0, 4, -4][roll(3)]!, Number(one[2]) + [0, 4, -4, 2 ** 40][roll(4)]!]
  const edited = `${text.slice(0, one.index)}"data_offsets":[${from},${to}]${text.slice(one.index + one[0].length)}`
  return new TextEncoder().encode(edited)
}

function joined(header: Uint8Array, data: Uint8Array): Uint8Array {
  const padded = header.length % 8 === 0 ? header.length : header.length + 8 - (header.length % 8)
  const file = new Uint8Array(8 + padded + data.length).fill(0x20)
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true)
  file.set(header, 8)
  file.set(data, 8 + padded)
  return file
}

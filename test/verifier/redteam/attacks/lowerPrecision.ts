import { type Attack, BY_REPLAY, everySegment } from '../attack.ts'
import { cheatThroughout } from '../trainCheaply.ts'

/** Round to nearest, ties to even, keeping the upper 16 bits of a float32. */
function toBf16(values: Float32Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < bits.length; i++) {
    const at = bits[i]!
    bits[i] = ((at + 0x7fff + ((at >>> 16) & 1)) >>> 16) << 16
  }
}

/** Symmetric, one scale a tensor. */
function toInt8(values: Float32Array): void {
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127 || 1
  for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i]! / scale) * scale
}

export const bf16: Attack = {
  name: 'bf16 weights',
  how: 'weights are rounded to bfloat16 after each step',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => cheatThroughout(world, { weights: (params) => params.forEach(toBf16) }),
}

export const int8: Attack = {
  name: 'int8 weights',
  how: 'weights are rounded to 8-bit steps of their tensor after each step',
  failedBy: BY_REPLAY,
  wrong: everySegment,
  run: (world) => cheatThroughout(world, { weights: (params) => params.forEach(toInt8) }),
}

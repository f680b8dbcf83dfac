import { readSafetensors, SafetensorsInvalid, writeSafetensors } from './safetensors.ts'
import type { Tensor } from './tensor.ts'
import type { TrainState } from './types.ts'

/** Bytes of a checkpoint: one state has one file. */
export function writeCheckpoint(state: TrainState): Uint8Array {
  return writeSafetensors(stateTensors(state))
}

/** Bytes of the result: the weights and biases alone, under the same names. */
export function writeModel(state: TrainState): Uint8Array {
  return writeSafetensors(
    state.params.map((values, i) => floatTensor(paramName(i), shapeOf(state, i), values)),
  )
}

/** All tensors of a state: params, momenta (m.*) and scalars. Their bytes share memory with the state. */
export function stateTensors(state: TrainState): Tensor[] {
  const tensors: Tensor[] = []
  state.params.forEach((values, i) => {
    tensors.push(floatTensor(paramName(i), shapeOf(state, i), values))
    tensors.push(floatTensor(`m.${paramName(i)}`, shapeOf(state, i), state.momenta[i]!))
  })
  const bytes = scalarsBytes(state)
  tensors.push({ name: 'scalars', dtype: 'U8', shape: [bytes.length], bytes })
  return tensors
}

/** Data cursor and counters as canonical JSON: no other generator state exists. */
export function scalarsBytes(state: { step: number; epoch: number; cursor: number }): Uint8Array {
  return new TextEncoder().encode(`{"cursor":${state.cursor},"epoch":${state.epoch},"step":${state.step}}`)
}

/**
 * Reads a checkpoint of a model with these layers; copies, so `bytes` may be reused. The file must be exactly
 * the one that writeCheckpoint makes of the state. Throws SafetensorsInvalid.
 */
export function readCheckpoint(bytes: Uint8Array, layers: readonly number[]): TrainState {
  const tensors = new Map(readSafetensors(bytes).map((tensor) => [tensor.name, tensor]))
  const params: Float32Array[] = []
  const momenta: Float32Array[] = []
  for (let i = 0; i < 2 * (layers.length - 1); i++) {
    const elements = layers[(i >> 1) + 1]! * (i % 2 === 0 ? layers[i >> 1]! : 1)
    params.push(readFloats(tensors.get(paramName(i)), elements, paramName(i)))
    momenta.push(readFloats(tensors.get(`m.${paramName(i)}`), elements, `m.${paramName(i)}`))
  }
  const state = { ...readScalars(tensors.get('scalars')), params, momenta }
  const again = writeCheckpoint(state)
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i])) {
    throw new SafetensorsInvalid('not the form in which this state is written')
  }
  return state
}

function paramName(index: number): string {
  return `${index % 2 === 0 ? 'w' : 'b'}${index >> 1}`
}

function shapeOf(state: TrainState, index: number): number[] {
  const bias = state.params[index | 1]!
  return index % 2 === 0 ? [bias.length, state.params[index]!.length / bias.length] : [bias.length]
}

function floatTensor(name: string, shape: number[], values: Float32Array): Tensor {
  return { name, dtype: 'F32', shape, bytes: littleEndian(values) }
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

function littleEndian(values: Float32Array): Uint8Array {
  if (HOST_IS_LITTLE_ENDIAN) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const bytes = new Uint8Array(values.byteLength)
  const view = new DataView(bytes.buffer)
  new Uint32Array(values.buffer, values.byteOffset, values.length).forEach((bits, i) => {
    view.setUint32(4 * i, bits, true)
  })
  return bytes
}

function readFloats(tensor: Tensor | undefined, elements: number, name: string): Float32Array {
  if (tensor?.dtype !== 'F32' || tensor.bytes.length !== 4 * elements) {
    throw new SafetensorsInvalid(`tensor ${name} is missing or has the wrong dtype or size`)
  }
  const view = new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.byteLength)
  const bits = new Uint32Array(elements)
  for (let i = 0; i < elements; i++) bits[i] = view.getUint32(4 * i, true)
  return new Float32Array(bits.buffer)
}

function readScalars(tensor: Tensor | undefined): { step: number; epoch: number; cursor: number } {
  const text =
    tensor?.dtype === 'U8' && tensor.bytes.length < 128 ? new TextDecoder().decode(tensor.bytes) : ''
  const match = /^\{"cursor":(\d{1,15}),"epoch":(\d{1,15}),"step":(\d{1,15})\}$/.exec(text)
  if (!match) throw new SafetensorsInvalid('tensor scalars is missing or malformed')
  return { cursor: Number(match[1]), epoch: Number(match[2]), step: Number(match[3]) }
}

import { readCheckpoint, writeCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import {
  readSafetensors,
  SafetensorsInvalid,
  writeSafetensors,
} from '@trainyard/verifier/canonical/safetensors.ts'
import { expect, test } from 'vitest'
import { tinyJob } from '../../helpers/honestBundle.ts'

/** A file with this header and as many zero bytes of data. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + text.length + dataBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  return file
}

const entry = (start: number, end: number, shape = [end - start], dtype = 'U8') => {
  return JSON.stringify({ dtype, shape, data_offsets: [start, end] })
}

test('default', () => {
  const tensors = [
    { name: 'b', dtype: 'F32', shape: [2], bytes: new Uint8Array(8).fill(7) },
    { name: 'a', dtype: 'U8', shape: [3, 1], bytes: new Uint8Array(3).fill(9) },
  ] as const
  const file = writeSafetensors(tensors)
  expect(readSafetensors(file)).toEqual([tensors[1], tensors[0]])
  expect(writeSafetensors(readSafetensors(file))).toEqual(file)
})

test.for([
  ['a gap', `{"a":${entry(0, 2)},"b":${entry(3, 5)}}`, 5],
  ['an overlap', `{"a":${entry(0, 3)},"b":${entry(2, 5)}}`, 5],
  ['data after the last tensor', `{"a":${entry(0, 2)}}`, 3],
  ['data that ends early', `{"a":${entry(0, 4)}}`, 3],
  ['a duplicate name', `{"a":${entry(0, 2)},"a":${entry(0, 2)}}`, 2],
  ['a duplicate field', '{"a":{"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}', 2],
  ['metadata', `{"__metadata__":{"a":"b"},"a":${entry(0, 2)}}`, 2],
  ['an unknown dtype', `{"a":${entry(0, 2, [1], 'F17')}}`, 2],
  ['a dtype from the prototype', `{"a":${entry(0, 2, [1], 'toString')}}`, 2],
  ['a shape that does not fit', `{"a":${entry(0, 2, [3])}}`, 2],
  ['a shape beyond whole numbers', `{"a":${entry(0, 2, [1e300, 1e300])}}`, 2],
  ['a negative dimension', `{"a":${entry(0, 2, [-1, -2])}}`, 2],
  ['another field', '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"x":1}}', 2],
  ['an empty name', `{"":${entry(0, 2)}}`, 2],
  ['a list', '[]', 0],
] as const)('error: %s', ([, header, dataBytes]) => {
  expect(() => readSafetensors(fileOf(header, dataBytes))).toThrow(SafetensorsInvalid)
})

test('error: a header beyond 1 MiB, or longer than the file, is not even read', () => {
  const huge = fileOf('{}', 0)
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true)
  expect(() => readSafetensors(huge)).toThrow('larger than 1 MiB')
  new DataView(huge.buffer).setBigUint64(0, 100n, true)
  expect(() => readSafetensors(huge)).toThrow('longer than the file')
  expect(() => readSafetensors(new Uint8Array(7))).toThrow('shorter than 8 bytes')
})

test('behavior: a checkpoint keeps every bit, NaN payloads included', async () => {
  const { model, ...rest } = await tinyJob()
  const state = initialState({ ...rest, model })
  new Uint32Array(state.momenta[0]!.buffer).set([0x7fc00123, 0xff800000, 0x80000000])
  const file = writeCheckpoint({ ...state, step: 5, epoch: 1, cursor: 5 })
  const again = readCheckpoint(file, model.layers)
  expect(writeCheckpoint(again)).toEqual(file)
  expect(new Uint32Array(again.momenta[0]!.buffer)[0]).toBe(0x7fc00123)
  expect(again).toMatchObject({ step: 5, epoch: 1, cursor: 5 })
})

test('error: a checkpoint of another model, or in another form', async () => {
  const { model, ...rest } = await tinyJob()
  const file = writeCheckpoint(initialState({ ...rest, model }))
  expect(() => readCheckpoint(file, [4, 4, 2])).toThrow(SafetensorsInvalid)
  expect(() => readCheckpoint(file, [4, 3, 2, 2])).toThrow('tensor w2 is missing')
  const tensors = readSafetensors(file)
  const extra = { name: 'zz', dtype: 'U8', shape: [1], bytes: new Uint8Array(1) } as const
  expect(() => readCheckpoint(writeSafetensors([...tensors, extra]), model.layers)).toThrow('not the form')
  const spaced = new TextDecoder('latin1').decode(file).replace('"step":0}', '"step":00')
  const bytes = Uint8Array.from(spaced, (char) => char.charCodeAt(0))
  expect(() => readCheckpoint(bytes, model.layers)).toThrow('scalars')
})

test('error: data files of the wrong shape', () => {
  const images = { name: 'images', dtype: 'U8', shape: [2, 3], bytes: new Uint8Array(6) } as const
  const labels = { name: 'labels', dtype: 'U8', shape: [3], bytes: new Uint8Array(3) } as const
  expect(() => readDataSet(writeSafetensors([images, labels]))).toThrow('images must be [N,P]')
  expect(() => readDataSet(writeSafetensors([images]))).toThrow('nothing else')
})

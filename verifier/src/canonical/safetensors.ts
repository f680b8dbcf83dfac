import { byName, DTYPE_BYTES, type Dtype, type Tensor } from './tensor.ts'

const MAX_HEADER_BYTES = 1024 * 1024
const MAX_NAME_BYTES = 256
const MAX_DIMS = 8

/** A file is not a safetensors file in the strict form that this project reads. */
export class SafetensorsInvalid extends Error {
  override name = 'SafetensorsInvalid'
}

type Entry = { name: string; dtype: Dtype; shape: number[]; start: number; end: number }

/**
 * Reads a safetensors file strictly: known dtypes, tensors that tile the data with no gap and no overlap, no
 * duplicate names, no metadata, header of at most 1 MiB. Tensors share memory with `bytes`; in file order.
 * Throws SafetensorsInvalid.
 */
export function readSafetensors(bytes: Uint8Array): Tensor[] {
  if (bytes.length < 8) throw new SafetensorsInvalid('shorter than 8 bytes')
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))
  if (headerBytes > MAX_HEADER_BYTES) throw new SafetensorsInvalid('header larger than 1 MiB')
  if (8 + headerBytes > bytes.length) throw new SafetensorsInvalid('header longer than the file')
  const data = bytes.subarray(8 + headerBytes)
  const entries = readHeader(bytes.subarray(8, 8 + headerBytes))
  let at = 0
  for (const { name, start, end } of entries) {
    if (start !== at) throw new SafetensorsInvalid(`gap or overlap before tensor ${JSON.stringify(name)}`)
    at = end
  }
  if (at !== data.length) throw new SafetensorsInvalid('the data is not as long as its tensors')
  return entries.map(({ name, dtype, shape, start, end }) => {
    return { name, dtype, shape, bytes: data.subarray(start, end) }
  })
}

/**
 * Writes the one file that stands for these tensors: name order, header keys sorted and padded with spaces to
 * 8 bytes, no metadata, data contiguous.
 */
export function writeSafetensors(tensors: readonly Tensor[]): Uint8Array {
  const sorted = [...tensors].sort(byName)
  let end = 0
  const fields = sorted.map(({ name, dtype, shape, bytes }) => {
    const start = end
    end += bytes.length
    return `${JSON.stringify(name)}:{"data_offsets":[${start},${end}],"dtype":"${dtype}","shape":[${shape}]}`
  })
  const text = new TextEncoder().encode(`{${fields.join(',')}}`)
  const headerBytes = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(8 + headerBytes + end).fill(0x20, 8, 8 + headerBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.set(text, 8)
  let at = 8 + headerBytes
  for (const { bytes } of sorted) {
    file.set(bytes, at)
    at += bytes.length
  }
  return file
}

function readHeader(bytes: Uint8Array): Entry[] {
  let text: string
  let header: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    header = JSON.parse(text)
  } catch {
    throw new SafetensorsInvalid('header is not JSON')
  }
  if (!isRecord(header)) throw new SafetensorsInvalid('header is not an object')
  const entries = Object.entries(header).map(([name, value]) => readEntry(name, value))
  // JSON.parse keeps the last of two equal keys; the text still has the colon of the first
  if (colonsOutsideStrings(text) !== entries.length * 4) throw new SafetensorsInvalid('duplicate key')
  return entries.sort((a, b) => a.start - b.start || a.end - b.end)
}

function readEntry(name: string, value: unknown): Entry {
  const at = `tensor ${JSON.stringify(name.slice(0, 64))}`
  if (name.length === 0 || new TextEncoder().encode(name).length > MAX_NAME_BYTES || !name.isWellFormed()) {
    throw new SafetensorsInvalid(`${at}: unusable name`)
  }
  if (!isRecord(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') {
    throw new SafetensorsInvalid(`${at}: needs dtype, shape and data_offsets, nothing else`)
  }
  const { dtype, shape, data_offsets: offsets } = value
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw new SafetensorsInvalid(`${at}: unknown dtype`)
  }
  if (!isCounts(shape) || shape.length > MAX_DIMS) throw new SafetensorsInvalid(`${at}: bad shape`)
  if (!isCounts(offsets) || offsets.length !== 2) throw new SafetensorsInvalid(`${at}: bad data_offsets`)
  const [start, end] = offsets as [number, number]
  const size = shape.reduce((product, dim) => product * dim, DTYPE_BYTES[dtype as Dtype])
  if (end - start !== size) throw new SafetensorsInvalid(`${at}: data_offsets do not fit dtype and shape`)
  return { name, dtype: dtype as Dtype, shape, start, end }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}

function colonsOutsideStrings(json: string): number {
  let colons = 0
  let quoted = false
  for (let i = 0; i < json.length; i++) {
    const char = json[i]
    if (quoted && char === '\\') i++
    else if (char === '"') quoted = !quoted
    else if (char === ':' && !quoted) colons++
  }
  return colons
}

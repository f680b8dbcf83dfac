import { readSafetensors, SafetensorsInvalid } from './safetensors.ts'
import type { DataSet } from './types.ts'

/** Reads a data file: safetensors with images U8 [N, P] and labels U8 [N], N and P at least 1. */
export function readDataSet(bytes: Uint8Array): DataSet {
  const tensors = readSafetensors(bytes)
  const images = tensors.find((tensor) => tensor.name === 'images')
  const labels = tensors.find((tensor) => tensor.name === 'labels')
  if (tensors.length !== 2 || images?.dtype !== 'U8' || labels?.dtype !== 'U8') {
    throw new SafetensorsInvalid('a data file holds images U8 [N,P] and labels U8 [N], nothing else')
  }
  const [samples = 0, pixels = 0] = images.shape
  if (images.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== samples) {
    throw new SafetensorsInvalid('images must be [N,P] and labels [N]')
  }
  if (samples < 1 || samples >= 2 ** 32 || pixels < 1) throw new SafetensorsInvalid('no samples or no pixels')
  return { images: images.bytes, labels: labels.bytes, samples, pixels }
}

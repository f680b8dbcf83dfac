import { sha256 } from '#sha256'
import { readDataSet } from '../canonical/dataSet.ts'
import { evaluate } from '../canonical/evaluate.ts'
import { initialState } from '../canonical/init.ts'
import { InputInvalid } from '../errors.ts'
import { type Hex, toHex } from '../hash/hex.ts'
import { canonicalBytes } from '../json.ts'
import type { DrillTask } from './task.ts'

/** What a machine says of a task: the SHA-256 of what it found, by which a store has it, too. */
export function resultOf(metrics: Uint8Array): Hex {
  return toHex(sha256(metrics))
}

/**
 * Does a task: the same bytes on every machine, canonical JSON of accuracy, loss and counts of each network, in order; the
 * loss depends on every logit. Throws InputInvalid or SafetensorsInvalid if the data does
 * not fit; `isOver` is asked between networks, and ends it (undefined).
 */
export function runTask(task: DrillTask, bytes: Uint8Array, isOver: () => boolean): Uint8Array | undefined {
  const data = readDataSet(bytes)
  const { layers, seeds, first, count } = task
  if (data.pixels !== layers[0] || first + count > data.samples) {
    throw new InputInvalid('drilling task', 'its data has other samples')
  }
  if (data.labels.some((label) => label >= layers.at(-1)!)) {
    throw new InputInvalid('drilling task', 'its data has more classes')
  }
  const stretch = {
    images: data.images.subarray(first * data.pixels, (first + count) * data.pixels),
    labels: data.labels.subarray(first, first + count),
    samples: count,
    pixels: data.pixels,
  }
  const metrics = []
  for (const seed of seeds) {
    if (isOver()) return undefined
    const { params } = initialState({ ...schedule, model: { kind: 'mlp', layers }, seed })
    metrics.push(evaluate(layers, params, stretch))
  }
  return canonicalBytes(metrics)
}

/** Nothing is trained. */
const schedule = {
  hyperparameters: { batchSize: 1, learningRate: 0, momentum: 0 },
  steps: 1,
  stepsPerSegment: 1,
  segmentsPerWindow: 1,
}

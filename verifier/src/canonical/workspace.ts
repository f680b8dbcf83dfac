import type { DataSet, TrainingJob } from './types.ts'

/** Buffers that one model and batch size need; made once, so that a step allocates nothing. */
export type Workspace = {
  layers: readonly number[]
  batch: Uint32Array
  labels: Uint8Array
  /** per layer, samples x units; the first holds the inputs, the last the logits and then their deltas */
  activations: Float32Array[]
  /** per hidden layer: gradient of the loss by its sums */
  deltas: Float32Array[]
  /** in order w0, b0, w1, ... */
  gradients: Float32Array[]
}

const BYTE_AS_FLOAT = new Float32Array(256).map((_, value) => Math.fround(value / 255))

/** Data and model do not fit each other. */
export class DataUnfit extends Error {
  override name = 'DataUnfit'
}

/** Checks that data and model fit each other, and makes the buffers. Throws DataUnfit. */
export function createWorkspace(layers: readonly number[], samples: number, data: DataSet): Workspace {
  checkFit(layers, data)
  const units = layers.map((size) => new Float32Array(size * samples))
  const gradients: Float32Array[] = []
  for (let layer = 1; layer < layers.length; layer++) {
    gradients.push(new Float32Array(layers[layer]! * layers[layer - 1]!), new Float32Array(layers[layer]!))
  }
  return {
    layers,
    batch: new Uint32Array(samples),
    labels: new Uint8Array(samples),
    activations: units,
    deltas: units.map((buffer) => new Float32Array(buffer.length)),
    gradients,
  }
}

/** Workspace for a job's training steps. */
export function trainingWorkspace(job: TrainingJob, data: DataSet): Workspace {
  return createWorkspace(job.model.layers, job.hyperparameters.batchSize, data)
}

/** Copies the samples named in `batch` into the inputs, as pixel/255 in float32, and their labels. */
export function loadBatch(work: Workspace, data: DataSet, samples: number): void {
  const inputs = work.activations[0]!
  const { images, labels, pixels } = data
  for (let s = 0; s < samples; s++) {
    const id = work.batch[s]!
    const from = id * pixels
    const to = s * pixels
    for (let i = 0; i < pixels; i++) inputs[to + i] = BYTE_AS_FLOAT[images[from + i]!]!
    work.labels[s] = labels[id]!
  }
}

/** Throws DataUnfit unless the images have the model's inputs and the labels its classes. */
export function checkFit(layers: readonly number[], data: DataSet): void {
  if (layers[0] !== data.pixels) {
    throw new DataUnfit(`the model takes ${layers[0]} inputs, an image has ${data.pixels}`)
  }
  const classes = layers.at(-1)!
  const wrong = data.labels.findIndex((label) => label >= classes)
  if (wrong >= 0) throw new DataUnfit(`sample ${wrong} has a label outside 0..${classes - 1}`)
}

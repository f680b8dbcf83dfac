/** What the trainer needs of a job (spec.json holds more, see job.ts). */
export type TrainingJob = {
  model: { kind: 'mlp'; layers: readonly number[] }
  /** 0x and 32 bytes of hex */
  seed: string
  hyperparameters: { batchSize: number; learningRate: number; momentum: number }
  steps: number
  stepsPerSegment: number
  segmentsPerWindow: number
}

/** Labelled images: `samples` rows of `pixels` bytes, and one label byte each. */
export type DataSet = { images: Uint8Array; labels: Uint8Array; samples: number; pixels: number }

/** Everything that the next step depends on. Params and momenta are in order w0, b0, w1, b1, ... */
export type TrainState = {
  /** steps done */
  step: number
  /** passes over the data completed */
  epoch: number
  /** samples consumed in this epoch */
  cursor: number
  /** float32; weights [out, in] row by row, biases [out] */
  params: Float32Array[]
  momenta: Float32Array[]
}

/** What one step did. The object is reused from step to step: copy what you keep. */
export type StepReport = {
  /** steps done, this one included */
  step: number
  /** batch mean */
  loss: number
  /** float32 bits */
  lossBits: number
  gradNormBits: number
  /** sample ids in batch order */
  batch: Uint32Array
}

/** Seeds of windows 0, 1, ..., each 0x and 32 bytes of hex. May grow while training. */
export type WindowSeeds = readonly string[]

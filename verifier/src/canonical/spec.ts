import type { TrainingJob } from './types.ts'

/** The job cannot be trained; the message says why. */
export class SpecInvalid extends Error {
  override name = 'SpecInvalid'
}

/** Parses spec.json as far as the trainer needs it. Throws SpecInvalid. */
export function parseSpec(text: string): TrainingJob {
  const spec = record(parse(text), 'spec')
  const model = record(spec.model, 'model')
  const settings = record(spec.hyperparameters, 'hyperparameters')
  if (spec.version !== 1) throw new SpecInvalid('version must be 1')
  if (model.kind !== 'mlp') throw new SpecInvalid('model.kind must be mlp')
  if (!Array.isArray(model.layers) || model.layers.length < 2 || model.layers.length > 8) {
    throw new SpecInvalid('model.layers must name 2 to 8 layers')
  }
  if (typeof spec.seed !== 'string' || !isSeed(spec.seed))
    throw new SpecInvalid('seed must be 32 bytes of hex')
  return {
    model: { kind: 'mlp', layers: model.layers.map((size) => whole(size, 'layer', 4096)) },
    seed: spec.seed,
    hyperparameters: {
      batchSize: whole(settings.batchSize, 'batchSize', 1024),
      learningRate: finite(settings.learningRate, 'learningRate'),
      momentum: finite(settings.momentum, 'momentum'),
    },
    steps: whole(spec.steps, 'steps', 1e7),
    stepsPerSegment: whole(spec.stepsPerSegment, 'stepsPerSegment', 256),
    segmentsPerWindow: whole(spec.segmentsPerWindow, 'segmentsPerWindow', 1024),
  }
}

/** Whether a text is a seed: 0x and 32 bytes of hex. */
export function isSeed(text: string): boolean {
  return /^0x[0-9a-f]{64}$/.test(text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SpecInvalid('spec is not JSON')
  }
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new SpecInvalid(`${what} must be an object`)
  return value as Record<string, unknown>
}

function whole(value: unknown, what: string, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) {
    throw new SpecInvalid(`${what} must be a whole number from 1 to ${max}`)
  }
  return value
}

function finite(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new SpecInvalid(`${what} must be a number of at least 0`)
  }
  return value
}

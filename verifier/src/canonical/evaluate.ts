import { lossGradient } from './loss.ts'
import { predict } from './step.ts'
import type { DataSet } from './types.ts'
import { createWorkspace, loadBatch } from './workspace.ts'

const ROWS = 64

/** Held-out figures; accuracy = correct / total, loss = mean over all samples. */
export type Metrics = { accuracy: number; correct: number; loss: number; total: number }

/**
 * Runs the model on every sample in order. The largest logit wins, the first of equals. Loss: mean of each 64
 * rows in float32, those means weighted by their rows in float64.
 */
export function evaluate(layers: readonly number[], params: readonly Float32Array[], data: DataSet): Metrics {
  const work = createWorkspace(layers, ROWS, data)
  const classes = layers.at(-1)!
  let correct = 0
  let lossSum = 0
  for (let first = 0; first < data.samples; first += ROWS) {
    const rows = Math.min(ROWS, data.samples - first)
    for (let s = 0; s < rows; s++) work.batch[s] = first + s
    loadBatch(work, data, rows)
    const logits = predict(work, params, rows)
    for (let s = 0; s < rows; s++) if (largest(logits, s * classes, classes) === work.labels[s]) correct++
    lossSum += lossGradient(logits, work.labels, rows, classes) * rows
  }
  return { accuracy: correct / data.samples, correct, loss: lossSum / data.samples, total: data.samples }
}

/** The metrics file: canonical JSON (keys sorted, numbers as ECMAScript writes them). */
export function metricsBytes({ accuracy, correct, loss, total }: Metrics): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ accuracy, correct, loss, total }))
}

function largest(logits: Float32Array, at: number, classes: number): number {
  let best = 0
  for (let j = 1; j < classes; j++) if (logits[at + j]! > logits[at + best]!) best = j
  return best
}

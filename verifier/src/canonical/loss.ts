import { exp32, log32 } from './math.ts'

const fround = Math.fround

/**
 * Softmax cross-entropy of one batch. Replaces each row of `logits` by its delta (softmax - one-hot) / samples.
 * Per row: m = largest logit, e_j = exp(z_j - m), sum in class order, loss = log(sum) - (z_label - m).
 * @returns mean loss: losses added in sample order, divided by samples
 */
export function lossGradient(
  logits: Float32Array,
  labels: Uint8Array,
  samples: number,
  classes: number,
): number {
  let total = 0
  for (let s = 0; s < samples; s++) {
    const at = s * classes
    const end = at + classes
    const label = at + labels[s]!
    let largest = logits[at]!
    for (let j = at + 1; j < end; j++) if (logits[j]! > largest) largest = logits[j]!
    const margin = fround(logits[label]! - largest)
    let sum = 0
    for (let j = at; j < end; j++) {
      const e = exp32(fround(logits[j]! - largest))
      logits[j] = e
      sum = fround(sum + e)
    }
    total = fround(total + fround(log32(sum) - margin))
    for (let j = at; j < end; j++) logits[j] = fround(fround(logits[j]! / sum) / samples)
    // the label's entry again, from its own probability: (p - 1) / samples
    const probability = fround(exp32(margin) / sum)
    logits[label] = fround(fround(probability - 1) / samples)
  }
  return fround(total / samples)
}

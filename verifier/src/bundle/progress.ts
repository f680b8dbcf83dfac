import { floatOf } from '../canonical/math.ts'
import type { InnerStep } from '../hash/innerRoot.ts'

/** The line of progress.jsonl that the trainer writes after `step` steps. */
export function progressLine(step: number, [lossBits, gradNormBits]: InnerStep, samples: number): string {
  return JSON.stringify({ step, loss: floatOf(lossBits), lossBits, gradNormBits, samples })
}

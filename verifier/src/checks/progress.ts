import { PATHS } from '../bundle/paths.ts'
import { progressLine } from '../bundle/progress.ts'
import type { Bundle } from '../bundle/read.ts'
import { type Finding, fail } from '../verdict.ts'

/** The curve shown to the buyer is that of the committed steps: each line follows from its step's bits. */
export function checkProgress(bundle: Bundle): Finding[] {
  const { segments, steps } = bundle.coverage()
  const { batchSize } = bundle.job().hyperparameters
  const lines = new TextDecoder().decode(bundle.bytes(PATHS.progress)).split('\n')
  let step = 0
  for (let segment = 0; segment < segments; segment++) {
    for (const bits of bundle.inner(segment)) {
      step++
      if (lines[step - 1] !== progressLine(step, bits, step * batchSize)) {
        return [fail(`line ${step} is not what step ${step} committed`)]
      }
    }
  }
  if (step !== steps) return [fail(`${step} steps have inner values, ${steps} are committed`)]
  return lines.length === steps + 1 && lines[steps] === ''
    ? []
    : [fail(`there are lines after step ${steps}`)]
}

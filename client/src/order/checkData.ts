import type { DataSet } from '@trainyard/verifier/canonical/types.ts'
import type { AnyJob, ProgramJob } from '@trainyard/verifier/rental.ts'

/**
 * Whether a data set fits the canonical trainer's model. Returns what does not fit, in words for the buyer. A program
 * in an image says itself what it needs, when it is run.
 */
export function checkData(job: Exclude<AnyJob, ProgramJob>, name: string, data: DataSet): string | undefined {
  if (job.version === 2) return undefined
  const inputs = job.model.layers[0]!
  const classes = job.model.layers.at(-1)!
  if (data.pixels !== inputs) {
    return `${name} has images of ${data.pixels} pixels, but the model takes ${inputs} inputs.`
  }
  const label = data.labels.find((value) => value >= classes)
  if (label !== undefined) return `${name} has label ${label}, but the model knows ${classes} classes.`
  return undefined
}

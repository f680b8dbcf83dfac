import type { Job } from '@trainyard/verifier/job.ts'

/** Bytes that one checkpoint takes on disk, headers aside: float32 weights and momenta, or what the job says. */
export function checkpointBytes(job: Job): number {
  if (job.version === 2) return job.checkpointBytes
  const { layers } = job.model
  let values = 0
  for (let i = 1; i < layers.length; i++) values += layers[i]! * (layers[i - 1]! + 1)
  return values * 4 * 2
}

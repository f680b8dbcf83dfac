import type { Job } from '@trainyard/verifier/job.ts'
import type { RunSpec } from '../drivers/driver.ts'

/** The image that a job asks for; the canonical trainer is the driver's own. */
export function imageOf(job: Job): Pick<RunSpec, 'image'> {
  return job.version === 2 ? { image: job.environment.image } : {}
}

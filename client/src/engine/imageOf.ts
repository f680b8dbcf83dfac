import type { Job } from '@trainyard/verifier/job.ts'
import type { RunSpec } from '../drivers/driver.ts'

/** The image that a job asks for, and what it may reach; the canonical trainer is the driver's own. */
export function imageOf(job: Job): Pick<RunSpec, 'image' | 'egress'> {
  if (job.version === 1) return {}
  return { image: job.environment.image, ...(job.egress ? { egress: job.egress } : {}) }
}

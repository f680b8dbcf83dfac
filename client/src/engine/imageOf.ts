import type { AnyJob } from '@trainyard/verifier/rental.ts'
import type { RunSpec } from '../drivers/driver.ts'

/**
 * The image that a job asks for, with its command, what it may reach, and the machine's GPUs; the canonical trainer is
 * the driver's own and uses none.
 */
export function imageOf(
  job: AnyJob,
  gpus: readonly string[],
): Pick<RunSpec, 'image' | 'command' | 'egress' | 'gpus'> {
  if (job.version === 1) return {}
  const { environment, command, egress } = job
  return { image: environment.image, gpus, ...(command ? { command } : {}), ...(egress ? { egress } : {}) }
}

import type { ImageJob } from './job.ts'

/**
 * Whether a seller who vouches for these images vouches for this job: it knows what they run by themselves, and not what
 * a buyer's command makes of them.
 */
export function vouchesFor({ environment, command }: ImageJob, vouchedImages: readonly string[]): boolean {
  return command === undefined && vouchedImages.includes(environment.image)
}

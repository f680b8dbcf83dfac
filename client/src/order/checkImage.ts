import type { ImageJob } from '@trainyard/verifier/job.ts'

/** Which jobs in images a machine takes, as its seller has set it. */
export type Takes = {
  hardwareClass: string
  images: readonly string[]
  egress: 'any' | 'none' | readonly string[]
}

/**
 * Why a machine does not take a job in an image, in words for the buyer; undefined if it does. Auditors of the class
 * canonical need no Docker, so none of them could judge an image.
 */
export function checkImage({ environment, egress: asked = [] }: ImageJob, takes: Takes): string | undefined {
  const { hardwareClass, images, egress } = takes
  if (hardwareClass === 'canonical') {
    return 'The job runs in an image; a machine of the class canonical runs the canonical trainer only.'
  }
  if (!images.includes(environment.image)) {
    return `The job runs in image ${environment.image}, which is not among those that this machine accepts.`
  }
  if (egress === 'any') return undefined
  const refused = asked.filter((target) => egress === 'none' || !egress.includes(target))
  if (refused.length === 0) return undefined
  return `The job asks to reach ${refused.join(', ')}, which this seller does not allow.`
}

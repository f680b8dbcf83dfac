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
  if (takes.hardwareClass === 'canonical') {
    return 'The job runs in an image; a machine of the class canonical runs the canonical trainer only.'
  }
  return checkTarget(environment.image, asked, takes)
}

/** Why a machine does not run an image, or not with what it asks to reach; undefined if it does. */
export function checkTarget(
  image: string,
  asked: readonly string[],
  { images, egress }: Takes,
): string | undefined {
  if (!images.includes(image)) {
    return `The job runs in image ${image}, which is not among those that this machine accepts.`
  }
  if (egress === 'any') return undefined
  const refused = asked.filter((target) => egress === 'none' || !egress.includes(target))
  if (refused.length === 0) return undefined
  return `The job asks to reach ${refused.join(', ')}, which this seller does not allow.`
}

import type { CheckId } from '../verdict.ts'

/** Something a check needs is wrong itself; `by` is the check that says what. */
export class Blocked extends Error {
  override name = 'Blocked'
  readonly by: CheckId
  constructor(by: CheckId) {
    super(`needs what ${by} rejects`)
    this.by = by
  }
}

/** What only the job's own environment can tell stays open here; the message says what would tell it. */
export class Undecidable extends Error {
  override name = 'Undecidable'
}

/** The job names a trainer that is not this one. */
export class OtherTrainer extends Undecidable {
  override name = 'OtherTrainer'
  constructor(wanted: string, own: string) {
    super(`the job runs on trainer ${wanted}, this is ${own}: use the release that has it`)
  }
}

/** The job runs in an image, and nothing here can run it. */
export class ImageNotRun extends Undecidable {
  override name = 'ImageNotRun'
  constructor(image: string, reason?: string) {
    const how = reason ?? 'replaying it needs Docker, the image, and --replayer'
    super(`the job runs in image ${image.slice(0, 19)}...: ${how}`)
  }
}

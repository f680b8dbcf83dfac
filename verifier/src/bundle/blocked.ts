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

/** The job names a trainer that is not this one: what only that trainer can tell stays open. */
export class OtherTrainer extends Error {
  override name = 'OtherTrainer'
  constructor(wanted: string, own: string) {
    super(`the job runs on trainer ${wanted}, this is ${own}: use the release that has it`)
  }
}

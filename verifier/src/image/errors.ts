import { VerifierError } from '../errors.ts'

/** The job cannot be trained from the state it was given, on any machine: what was claimed of it is not so. */
export class JobFailed extends VerifierError {
  override name = 'JobFailed'
  constructor(words: string) {
    super(`the job fails there: ${words}`, 'Reject what was claimed of it.')
  }
}

/** The image could not be run here, or not now. It says nothing about the job. */
export class ReplayUnavailable extends VerifierError {
  override name = 'ReplayUnavailable'
  constructor(reason: string) {
    super(
      `the job's image could not be run here: ${reason}`,
      'Make Docker and the image available, and try again.',
    )
  }
}

/** The image still runs: the job comes to nothing there, or this machine is slow. */
export class RunNotDone extends ReplayUnavailable {
  override name = 'RunNotDone'
  constructor() {
    super('the run is not done yet')
  }
}

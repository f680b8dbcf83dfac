import { ClientError } from '../errors.ts'

/** Something went wrong with running a job. Nothing in a driver ever moves money. */
export class DriverError extends ClientError {
  /** True when the same call may succeed later. */
  readonly retryable: boolean

  constructor(message: string, suggestion: string, retryable = false) {
    super(message, suggestion, { exitCode: retryable ? 75 : 1 })
    this.name = new.target.name
    this.retryable = retryable
  }
}

/** The container engine gave no answer: the state of its runs is unknown, not "gone". */
export class EngineUnreachable extends DriverError {
  constructor(message: string, suggestion: string) {
    super(message, suggestion, true)
  }
}

/** The container engine answered with an error. */
export class EngineRefused extends DriverError {
  readonly statusCode: number

  constructor(what: string, statusCode: number, engineText: string) {
    super(`Docker refused to ${what} (HTTP ${statusCode}): ${engineText}`, 'Read the engine text above.')
    this.statusCode = statusCode
  }
}

/** The run never began; what had been created for it is removed again. */
export class RunDidNotStart extends DriverError {
  constructor(runId: string, reason: string, suggestion: string) {
    super(`Run ${runId} did not start: ${reason}`, suggestion)
  }
}

/** The job directory is not one that may be handed to a job. */
export class UnsafeJobDirectory extends DriverError {
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`, 'Prepare a fresh job directory for this run and start it again.')
  }
}

/** A file under out/ was not read because of what it is. */
export class OutputRefused extends DriverError {
  constructor(path: string, reason: string) {
    super(`Output ${path} was not read: ${reason}`, 'Treat the output as invalid; do not follow or trust it.')
  }
}

/** The job's image could not be made or loaded. */
export class ImageNotLoaded extends DriverError {
  constructor(reason: string, suggestion: string) {
    super(`The image was not loaded: ${reason}`, suggestion)
  }
}

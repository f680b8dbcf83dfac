/** Base of every error this package throws on purpose. */
export class VerifierError extends Error {
  override name = 'VerifierError'
  /** nothing here ever moves money */
  readonly moneyMoved = false
  readonly suggestion: string
  constructor(message: string, suggestion: string) {
    super(message)
    this.suggestion = suggestion
  }
}

/** What was asked of a command does not go. Nothing was begun. */
export class ArgumentInvalid extends VerifierError {
  override name = 'ArgumentInvalid'
  /** @param reason a sentence without its full stop */
  constructor(reason: string) {
    super(`${reason}.`, 'Nothing was done, and no money moved. Correct that and run the command again.')
  }
}

/** Bytes that came from outside do not have the form they must have. */
export class InputInvalid extends VerifierError {
  override name = 'InputInvalid'
  readonly what: string
  constructor(what: string, reason: string) {
    super(`${what}: ${reason}`, `Get ${what} again from its source, or reject it.`)
    this.what = what
  }
}

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

/** Bytes that came from outside do not have the form they must have. */
export class InputInvalid extends VerifierError {
  override name = 'InputInvalid'
  readonly what: string
  constructor(what: string, reason: string) {
    super(`${what}: ${reason}`, `Get ${what} again from its source, or reject it.`)
    this.what = what
  }
}

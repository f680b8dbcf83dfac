/** A keystore or password file cannot be used. No money moved. */
export class KeystoreError extends Error {
  override readonly name = 'KeystoreError'
  readonly moneyMoved = false
  readonly suggestion: string

  constructor(what: string, suggestion: string, options?: ErrorOptions) {
    super(`${what} ${suggestion}`, options)
    this.suggestion = suggestion
  }
}

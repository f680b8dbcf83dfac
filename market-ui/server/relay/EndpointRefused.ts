/** A seller's endpoint that must not or cannot be asked. `isFinal`: asking again will not help. */
export class EndpointRefused extends Error {
  override readonly name = 'EndpointRefused'
  readonly isFinal: boolean

  constructor(message: string, isFinal: boolean) {
    super(message)
    this.isFinal = isFinal
  }
}

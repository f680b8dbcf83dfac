/** A seller's endpoint that must not or cannot be asked. `isFinal`: asking again will not help. `isForParties`: it tells others nothing. */
export class EndpointRefused extends Error {
  override readonly name = 'EndpointRefused'
  readonly isFinal: boolean
  readonly isForParties: boolean

  constructor(message: string, isFinal: boolean, isForParties = false) {
    super(message)
    this.isFinal = isFinal
    this.isForParties = isForParties
  }
}

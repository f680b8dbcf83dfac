/** A connection that a job asked for was not made. The message goes to the job. */
export class EgressRefused extends Error {
  override name = 'EgressRefused'
  readonly statusCode: 400 | 403 | 429 | 502

  constructor(statusCode: 400 | 403 | 429 | 502, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

import { VerifierError } from '../errors.ts'

/** Something that an audit needs cannot be had now, and giving a verdict without it would be a guess. */
export class NotYet extends VerifierError {
  override name = 'NotYet'
  constructor(reason: string) {
    super(reason, 'It is tried again until the commit deadline.')
  }
}

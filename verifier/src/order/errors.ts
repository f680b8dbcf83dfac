import { VerifierError } from '../errors.ts'

/** The order cannot be verified now, or by this account: nothing was decided about the work. */
export class OrderUndecided extends VerifierError {
  override name = 'OrderUndecided'
}

/** What the seller committed is no evidence of any work. */
export class OrderInvalid extends VerifierError {
  override name = 'OrderInvalid'
}

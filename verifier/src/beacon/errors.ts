import { VerifierError } from '../errors.ts'

/** The position lies in the future. */
export class BeaconNotYet extends VerifierError {
  override name = 'BeaconNotYet'
  constructor(name: string, position: number) {
    super(`${name} ${position} is not there yet.`, 'Ask again later.')
  }
}

/** Nobody gave the value, or what they gave is not it. It says nothing about what the value is. */
export class BeaconUnavailable extends VerifierError {
  override name = 'BeaconUnavailable'
  constructor(name: string, position: number, reasons: readonly string[]) {
    const why = reasons.map((reason) => reason.replace(/\.+$/, '')).join('; ')
    super(`${name} ${position} cannot be had: ${why}.`, 'Name other endpoints, or try again.')
  }
}

/** Nobody said where to ask for a drand network's rounds. */
export class NoRelay extends VerifierError {
  override name = 'NoRelay'
  constructor(name: string) {
    super(`This chain draws by ${name}, and no relay of it is named.`, 'Name one that serves it.')
  }
}

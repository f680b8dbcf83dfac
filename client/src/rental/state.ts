/** How far an order without proof is. */
export type RentalWork = {
  started: boolean // the chain says that it has begun
  attempt: number // runs of the program so far, this one included
  crashes: number // of these, that ended through no doing of the program
  ended: boolean // the program has ended well, or the paid time is over
  resultCid?: string // of what it left
}

/** A rental at its beginning: started is what the chain says (true if the journal was lost). */
export function newRental(started: boolean): RentalWork {
  return { started, attempt: 1, crashes: 0, ended: false }
}

/** What to do next, by the name of the error that a contract reverted with. */
const suggestions: Readonly<Record<string, string>> = {
  BalancesInsufficientFree: 'Deposit the missing amount, or approve Balances to take it.',
  BalancesInsufficientHeld: 'This is a fault in the contracts: report it with the transaction.',
  BalancesShortTransfer:
    'Check your balance of the token and the allowance for Balances; tokens that take a fee on transfer cannot be used.',
  MachinesUnknown: 'Check the machine’s number.',
  MachinesNotOwner: 'Use the account that registered the machine.',
  MachinesBusy: 'Wait until the order that runs on it has ended.',
  MachinesBadEndpoint: 'Give an endpoint URL of at most 200 bytes.',
  StakingInsufficientActive: 'The seller or auditor must bond more before this can be taken.',
  StakingNothingToWithdraw: 'Unbond first, then wait for the unbonding delay.',
  StakingSeatTaken: 'The seat is yours already: nothing to do.',
  StakingNoSeat: 'Take a seat in that hardware class first.',
  StakingTooEarly:
    'Wait until the time that is named (Unix seconds): an audit may still count on this stake.',
  MarketUnknownOffer: 'Check the offer’s number.',
  MarketOfferClosed: 'Choose another offer: this one was cancelled, expired, or its machine is gone.',
  MarketMachineNotFree: 'Wait for the order that runs on the machine, or choose another.',
  MarketNotSeller: 'Use the seller’s account.',
  MarketNotBuyer: 'Use the buyer’s account.',
  MarketBadTerms: 'Correct the field that is named.',
  MarketModeNotOffered: 'Use the proof mode bitwise.',
  MarketTooFewSeats: 'Choose a hardware class with more auditors that have no part in the order.',
  MarketUnexpectedStatus: 'Read the order again: it has moved on.',
  MarketTooEarly: 'Try again after the time that is named (Unix seconds).',
  MarketTooLate: 'The deadline has passed: read the order again to see what anyone may do now.',
  MarketBadPayerSignature: 'Let the payer sign the same buyer, job, machine, total and nonce again.',
  MarketPayNonceUsed: 'Let the payer sign with a new nonce.',
  MarketPayTooHigh: 'Let the payer agree to the total that is named.',
  MarketIncomplete: 'Commit the remaining windows first.',
  MarketBadReason: 'Use a close reason that a seller may give.',
  ProofsNotSeller: 'Use the seller’s account.',
  ProofsNotTraining: 'Read the order again: it is not in training.',
  ProofsWrongIndex: 'Commit windows in order, the expected one next.',
  ProofsBadSegments: 'Commit the expected number of segments; only the job’s last window is shorter.',
  ProofsBeaconNotReady: 'Wait for the block that is named.',
  ProofsBeaconChanged: 'Train the window again: the chain was reorganised, and its data has another seed.',
  ProofsDrawNotReady: 'Wait for the block that is named; it is zero until the audit has opened.',
  ProofsNotWholePanel:
    'Hand in the verdicts of every member of the panel, in its order, or commit one by one.',
  ProofsNotAuditing: 'Read the order again: it is not being audited.',
  ProofsNotDrawn: 'Only drawn auditors give verdicts on this order.',
  ProofsAlreadyCommitted: 'The verdicts are on chain already: wait for the reveal phase.',
  ProofsWrongPhase: 'Wait for the phase to change; read auditOf for its deadline.',
  ProofsBadReveal: 'Reveal exactly the verdicts, salt and report that were committed.',
  ProofsNotPassed:
    'Verdicts can only pass an order: challenge what was found wrong, or wait until the open dispute is closed.',
  ProofsStillChallengeable:
    'Try again after the time that is named (Unix seconds), or when the open dispute is closed.',
  ProofsAgreeingNeeded: 'A whole panel passed it: settle with settlePassed and what AuditPassed says.',
  DisputesNotAuditing: 'Challenge while the order is in audit: read it again.',
  DisputesNoSuchSegment: 'Name a segment that was committed.',
  DisputesBadLeaf: 'Send the leaf, its path and its window exactly as they were committed.',
  DisputesBadSteps:
    'Send one state root for each of the segment’s steps, at most 256, and those of the challenge unchanged.',
  DisputesNotSeller: 'Use the seller’s account.',
  DisputesWrongStage: 'Read the dispute again: it has moved on.',
  DisputesJuryNotReady: 'Wait for the block that is named.',
  DisputesBadBallot: 'Send one signed ballot of each member of the jury, for this round.',
  RuntimeBadParameter: 'Choose a value within the bounds for the parameter that is named.',
}

/** One sentence of advice; a general one for errors not known here. */
export function suggestionFor(errorName: string): string {
  return (
    suggestions[errorName] ?? 'Read the order or machine again, correct what the error names, and try again.'
  )
}

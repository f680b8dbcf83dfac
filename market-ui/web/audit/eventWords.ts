/** What happened, in words, by the name of the chain's event. */
const words: Readonly<Record<string, string>> = {
  OrderPlaced: 'Order placed',
  OrderStarted: 'Training started',
  OrderRenewed: 'Order extended',
  WindowCommitted: 'Window committed',
  DrawSeeded: 'Draw fixed',
  OrderEnded: 'Training ended',
  PanelDrawn: 'Auditors drawn',
  VerdictsCommitted: 'Verdicts committed',
  VerdictsRevealed: 'Verdicts revealed',
  OrderSettled: 'Settled',
  Challenged: 'Challenged',
  Answered: 'Challenge answered',
  JuryDrawn: 'Jury drawn',
  BallotCast: 'Juror voted',
  JuryUndecided: 'Jury did not agree',
  DisputeClosed: 'Dispute closed',
}

export const eventWords = (name: string): string => words[name] ?? name

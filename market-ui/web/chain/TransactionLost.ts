/** A transaction that left the wallet and will not be included. */
export class TransactionLost extends Error {
  override readonly name = 'TransactionLost'
  readonly title: string
  readonly suggestion: string
  readonly txHash: string
  readonly moneyMoved: false | 'unknown'

  private constructor(facts: {
    title: string
    text: string
    suggestion: string
    txHash: string
    moneyMoved: false | 'unknown'
  }) {
    super(facts.text)
    this.title = facts.title
    this.suggestion = facts.suggestion
    this.txHash = facts.txHash
    this.moneyMoved = facts.moneyMoved
  }

  static replaced(txHash: string): TransactionLost {
    return new TransactionLost({
      title: 'The transaction was replaced',
      text: 'Another transaction of your account took its place, so this one can never be included.',
      suggestion:
        'If you sped it up in the wallet, the other one did the same: look at your jobs before you try again. If you cancelled it, nothing happened.',
      txHash,
      moneyMoved: 'unknown',
    })
  }

  static dropped(txHash: string): TransactionLost {
    return new TransactionLost({
      title: 'The transaction was dropped',
      text: 'The chain no longer knows it: its fee may be too low, or the chain was reset.',
      suggestion: 'Look in the wallet whether it is still pending there. If it is not, try again.',
      txHash,
      moneyMoved: 'unknown',
    })
  }
}

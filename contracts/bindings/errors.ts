/** The three ways a call to the chain goes wrong: refused, out of reach, or the wrong chain altogether. */

const NAME_RELAYS =
  'Try again; if it stays so, name relays that answer: "drandRelays" in the configuration, or --relay.'

const USE_ITS_OWN =
  'Use the deployment file of the chain that runs, or the RPC address that belongs to this one.'

/** The chain refused: a contract reverted, or the sender cannot pay for gas. No money moved. Do not just retry. */
export class ChainError extends Error {
  override readonly name = 'ChainError'
  readonly moneyMoved = false
  readonly retryable = false
  /** The Solidity error, such as `MarketTooLate`; `Revert` or `Panic` for the built-in ones. */
  readonly errorName: string
  readonly args: Readonly<Record<string, unknown>>
  readonly shortMessage: string
  readonly suggestion: string

  constructor(facts: {
    errorName: string
    args: Readonly<Record<string, unknown>>
    shortMessage: string
    suggestion: string
    cause?: unknown
  }) {
    super(`${facts.shortMessage} No money moved. ${facts.suggestion}`, { cause: facts.cause })
    this.errorName = facts.errorName
    this.args = facts.args
    this.shortMessage = facts.shortMessage
    this.suggestion = facts.suggestion
  }
}

/** The node did not answer, or a sent transaction was not seen in time. What the chain holds is unknown: retry. */
export class ChainUnreachable extends Error {
  override readonly name: string = 'ChainUnreachable'
  readonly retryable = true
  /** `unknown` if a transaction was sent and may still be included. */
  readonly moneyMoved: false | 'unknown'
  readonly txHash: string | undefined
  readonly suggestion: string

  constructor(
    what: string,
    options: { txHash?: string | undefined; cause?: unknown; suggestion?: string } = {},
  ) {
    const suggestion = options.txHash
      ? `Look for transaction ${options.txHash} before sending again.`
      : (options.suggestion ??
        'Try again; if it stays so, check the RPC address and that the node is running.')
    const money = options.txHash ? 'Whether money moved is unknown.' : 'No money moved.'
    super(`${what} ${money} ${suggestion}`, { cause: options.cause })
    this.moneyMoved = options.txHash ? 'unknown' : false
    this.txHash = options.txHash
    this.suggestion = suggestion
  }
}

/** No relay of drand gave a round, or what they gave is none. The node may be well; what waits for the round waits on: retry. */
export class RoundUnavailable extends ChainUnreachable {
  override readonly name = 'RoundUnavailable'
  readonly round: number

  constructor(round: number, reason: string, options: { cause?: unknown } = {}) {
    super(`drand round ${round} was not had: ${reason}`, { ...options, suggestion: NAME_RELAYS })
    this.round = round
  }
}

/** The node answers, but for another chain than the deployment's (a reset devnet, a wrong URL). */
export class WrongChain extends Error {
  override readonly name = 'WrongChain'
  readonly moneyMoved = false
  readonly retryable = false
  readonly suggestion = USE_ITS_OWN

  constructor(what: string) {
    super(`${what} No money moved. ${USE_ITS_OWN}`)
  }
}

/** The wallet cannot be used as it is now. No money moved. */
export class WalletUnready extends Error {
  override readonly name = 'WalletUnready'
  readonly moneyMoved = false
  readonly title: string
  readonly suggestion: string

  private constructor(title: string, message: string, suggestion: string) {
    super(message)
    this.title = title
    this.suggestion = suggestion
  }

  static notConnected(): WalletUnready {
    return new WalletUnready(
      'No wallet is connected',
      'There is no account to pay and sign with.',
      'Connect a wallet, then try again.',
    )
  }

  static otherNetwork(is: number, wanted: number): WalletUnready {
    return new WalletUnready(
      'The wallet is on another network',
      `It is on chain ${is}; the market is on chain ${wanted}.`,
      'Switch the network, then try again.',
    )
  }

  static otherChain(): WalletUnready {
    return new WalletUnready(
      'The wallet sees another chain',
      "Its network has the market's number, but begins with another block: it points to another node, or to a local chain from before a reset.",
      "Set the network's RPC address in the wallet to the market's, and clear the wallet's activity.",
    )
  }
}

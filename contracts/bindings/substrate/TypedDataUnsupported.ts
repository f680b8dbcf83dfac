/** A contract wants an EIP-712 signature, which this account's key cannot make. No money moved. */
export class TypedDataUnsupported extends Error {
  override readonly name = 'TypedDataUnsupported'
  readonly moneyMoved = false
  readonly suggestion =
    'Approve Balances to take the amount instead of signing a permit; for everything else use an Ethereum keystore on this chain.'

  constructor(account: string) {
    super(
      `The account ${account} has no Ethereum key here, so it cannot sign what contracts check (EIP-712). No money moved. Approve Balances to take the amount instead of signing a permit; for everything else use an Ethereum keystore on this chain.`,
    )
  }
}

import {
  type BrowserProvider,
  JsonRpcSigner,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  type TypedDataField,
} from 'ethers'

export type SentTx = { readonly hash: string; readonly nonce: number }
export type Tell = {
  readonly step: (text: string) => void
  readonly sent: (tx: SentTx) => void
}

/** The wallet's account; says what the wallet is asked for and when a transaction has left it. */
export class TracingSigner extends JsonRpcSigner {
  readonly #tell: Tell
  /** Where it is false, what would be a permit becomes an approval. */
  readonly signsTypedData: boolean

  constructor(provider: BrowserProvider, address: string, tell: Tell, signsTypedData: boolean) {
    super(provider, address)
    this.#tell = tell
    this.signsTypedData = signsTypedData
  }

  override async sendUncheckedTransaction(request: TransactionRequest): Promise<string> {
    this.#tell.step('Confirm the transaction in your wallet')
    const nonce = request.nonce ?? (await this.getNonce('pending'))
    const hash = await super.sendUncheckedTransaction(request)
    this.#tell.sent({ hash, nonce })
    this.#tell.step('Sent. Waiting for a block')
    return hash
  }

  /** Returns as soon as the wallet has sent it: ethers would wait until the node shows it, which may be never. */
  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    return { hash: await this.sendUncheckedTransaction(request) } as TransactionResponse
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    this.#tell.step('Sign in your wallet; this costs nothing')
    const signature = await super.signTypedData(domain, types, value)
    this.#tell.step('Signed. Preparing the next step')
    return signature
  }
}

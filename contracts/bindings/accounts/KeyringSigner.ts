import type { KeyringPair } from '@polkadot/keyring/types'
import {
  AbstractSigner,
  assertArgument,
  concat,
  copyRequest,
  getAddress,
  getBytes,
  hexlify,
  type Provider,
  resolveAddress,
  Signature,
  Transaction,
  type TransactionRequest,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  toUtf8Bytes,
} from 'ethers'

const MESSAGE_PREFIX = '\x19Ethereum Signed Message:\n' // EIP-191

/** An ethers signer over an unlocked @polkadot/keyring pair of type `ethereum`; the secret stays in the pair. */
export class KeyringSigner extends AbstractSigner {
  readonly #pair: KeyringPair

  constructor(pair: KeyringPair, provider: Provider | null = null) {
    super(provider)
    assertArgument(pair.type === 'ethereum', 'the account must be of type ethereum', 'type', pair.type)
    this.#pair = pair
  }

  get address(): string {
    return getAddress(this.#pair.address)
  }

  override async getAddress(): Promise<string> {
    return this.address
  }

  override connect(provider: Provider | null): KeyringSigner {
    return new KeyringSigner(this.#pair, provider)
  }

  /** The pair hashes with keccak256 itself, so it is given what is to be hashed. */
  #sign(preimage: Uint8Array): Signature {
    return Signature.from(hexlify(this.#pair.sign(preimage)))
  }

  override async signTransaction(request: TransactionRequest): Promise<string> {
    const { from, to, ...fields } = copyRequest(request)
    if (from != null) {
      const sender = await resolveAddress(from, this)
      assertArgument(getAddress(sender) === this.address, 'transaction from another account', 'from', sender)
    }
    const transaction = Transaction.from(
      to == null ? fields : { ...fields, to: await resolveAddress(to, this) },
    )
    transaction.signature = this.#sign(getBytes(transaction.unsignedSerialized))
    return transaction.serialized
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    const bytes = typeof message === 'string' ? toUtf8Bytes(message) : message
    const preimage = concat([toUtf8Bytes(`${MESSAGE_PREFIX}${bytes.length}`), bytes])
    return this.#sign(getBytes(preimage)).serialized
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return this.#sign(getBytes(TypedDataEncoder.encode(domain, types, value))).serialized
  }
}

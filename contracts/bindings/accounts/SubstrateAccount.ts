import { concat, keccak256, toUtf8Bytes, Wallet } from 'ethers'

/** A decrypted account of a Substrate type. */
export type SubstratePair = {
  readonly type: 'sr25519' | 'ed25519'
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

const COMPANION_TAG = 'trainyard:evm-companion:v1'

/**
 * A Substrate account, and the Ethereum key that is derived from its secret (its companion): chains with an EVM pallet
 * bind the two, so that the account signs what is sent, and the companion what contracts check (EIP-712). As a wallet
 * it is the companion.
 */
export class SubstrateAccount extends Wallet {
  readonly pair: SubstratePair

  constructor(pair: SubstratePair) {
    super(keccak256(concat([toUtf8Bytes(COMPANION_TAG), pair.secretKey])))
    this.pair = pair
  }
}

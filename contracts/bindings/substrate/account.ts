import type { ApiPromise } from '@polkadot/api'
import type { AddressOrPair, SignerOptions } from '@polkadot/api/types'
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { getBytes, hexlify, type Wallet } from 'ethers'
import { SubstrateAccount } from '../accounts/SubstrateAccount.ts'

/** Who signs extrinsics: a key that is here, or a wallet that is asked. */
export type NativeAccount = {
  readonly pair: AddressOrPair
  /** The account's 32 bytes, as hex. */
  readonly accountId: string
  /** As people write it on this chain (SS58). */
  readonly name: string
  readonly signer?: NonNullable<SignerOptions['signer']>
  /** The Ethereum key that belongs to it: signs what contracts check. */
  readonly wallet: Wallet | undefined
}

/**
 * The native account of a keystore: itself, or for an Ethereum key the account of type ecdsa with the same key.
 */
export async function nativeAccount(api: ApiPromise, keystore: Wallet): Promise<NativeAccount> {
  await cryptoWaitReady()
  const pair =
    keystore instanceof SubstrateAccount
      ? new Keyring({ type: keystore.pair.type }).addFromPair({ ...keystore.pair })
      : new Keyring({ type: 'ecdsa' }).addFromSeed(getBytes(keystore.privateKey))
  const accountId = api.registry.createType('AccountId32', pair.addressRaw)
  return { pair, accountId: hexlify(pair.addressRaw), name: accountId.toString(), wallet: keystore }
}

import type { ApiPromise } from '@polkadot/api'
import { type AbstractSigner, Wallet } from 'ethers'
import { SubstrateAccount } from '../accounts/SubstrateAccount.ts'
import { nativeAccount } from './account.ts'
import { chainOver } from './chainOver.ts'
import { connectApi } from './connectApi.ts'
import type { SubstrateKind } from './palletOf.ts'
import type { SubstrateProvider } from './SubstrateProvider.ts'
import type { SubstrateSigner } from './SubstrateSigner.ts'

type Options = {
  kind: SubstrateKind
  urls: readonly string[]
  /** Whatever the chain says where it is left out: a deployment's first step. */
  chainId?: number
  genesisHash?: string
  pollingIntervalMs: number
}

/**
 * An ethers provider over a Substrate node with an EVM pallet or pallet-revive, and a signer for a keystore.
 * Throws WrongChain for another chain or one without the pallet, UnknownExtension, else what the node's silence gives.
 */
export async function openSubstrate(options: Options): Promise<{
  provider: SubstrateProvider
  signerFor: (keystore: AbstractSigner) => Promise<SubstrateSigner | Wallet>
}> {
  const { urls, genesisHash } = options
  const { api, requireRightChain } = await connectApi(urls, genesisHash)
  try {
    return await over(api, { ...options, requireRightChain })
  } catch (error) {
    await api.disconnect().catch(() => undefined)
    throw error
  }
}

/** `openSubstrate` over an API that is open already. */
export async function over(api: ApiPromise, options: Options & { requireRightChain: () => void }) {
  const { kind, urls } = options
  const { provider, signerOf } = await chainOver(api, { ...options, name: urls.join(', ') })
  const signerFor = async (keystore: AbstractSigner) => {
    if (!(keystore instanceof Wallet)) throw new TypeError('a Substrate chain needs a keystore’s account')
    if (kind !== 'revive') return signerOf(await nativeAccount(api, keystore))
    // pallet-revive takes Ethereum's own transactions, and knows no Ethereum key for other accounts.
    if (!(keystore instanceof SubstrateAccount)) return keystore.connect(provider)
    return signerOf({ ...(await nativeAccount(api, keystore)), wallet: undefined })
  }
  return { provider, signerFor }
}

import type { ApiPromise } from '@polkadot/api'
import { type AbstractSigner, Wallet } from 'ethers'
import { SubstrateAccount } from '../accounts/SubstrateAccount.ts'
import type { ChainKind } from '../chainKinds.ts'
import { WrongChain } from '../errors.ts'
import { type NativeAccount, nativeAccount } from './account.ts'
import { type Binding, claimBinding, mapBinding } from './binding.ts'
import { connectApi } from './connectApi.ts'
import { createFacade } from './createFacade.ts'
import { createSubstratePool } from './createSubstratePool.ts'
import { createEvmPallet } from './evmPallet.ts'
import type { ContractPallet } from './pallet.ts'
import { createRevivePallet } from './revivePallet.ts'
import { SubstrateProvider } from './SubstrateProvider.ts'
import { SubstrateSigner } from './SubstrateSigner.ts'

export type SubstrateKind = Exclude<ChainKind, 'evm'>

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
  signerOf: (account: NativeAccount) => Promise<SubstrateSigner>
}> {
  const { kind, urls, genesisHash } = options
  const { api, requireRightChain } = await connectApi(urls, genesisHash)
  try {
    return await over(api, { ...options, kind, requireRightChain })
  } catch (error) {
    await api.disconnect().catch(() => undefined)
    throw error
  }
}

/** `openSubstrate` over an API that is open already. */
export async function over(api: ApiPromise, options: Options & { requireRightChain: () => void }) {
  const { kind, urls, requireRightChain } = options
  const pallet = palletOf(api, kind)
  const found = await pallet.chainId()
  const chainId = options.chainId ?? found
  if (found !== chainId) {
    throw new WrongChain(`The node serves chain ${found}, the deployment is on chain ${chainId}.`)
  }
  const own = new Map<string, string>()
  const ownBalanceWei = async (address: string, at: string) => {
    const accountId = own.get(address.toLowerCase())
    if (accountId === undefined) return undefined
    const { data } = (await (
      await api.at(at)
    ).query.system!.account!(accountId)) as unknown as {
      data: { free: { toBigInt(): bigint } }
    }
    return data.free.toBigInt() * pallet.weiPerUnit
  }
  const facade = createFacade(api, pallet, ownBalanceWei)
  const pool = createSubstratePool({ name: urls.join(', '), chainId, facade, requireRightChain })
  const provider = new SubstrateProvider(api, pool, chainId, options.pollingIntervalMs)
  const signerOf = async (account: NativeAccount) => {
    const binding = await bindingOf(api, kind, account)
    own.set(binding.address.toLowerCase(), account.accountId)
    return new SubstrateSigner({ api, pallet, account, binding, provider })
  }
  const signerFor = async (keystore: AbstractSigner) => {
    if (!(keystore instanceof Wallet)) throw new TypeError('a Substrate chain needs a keystore’s account')
    if (kind !== 'revive') return signerOf(await nativeAccount(api, keystore))
    // pallet-revive takes Ethereum's own transactions, and knows no Ethereum key for other accounts.
    if (!(keystore instanceof SubstrateAccount)) return keystore.connect(provider)
    return signerOf({ ...(await nativeAccount(api, keystore)), wallet: undefined })
  }
  return { provider, signerFor, signerOf }
}

function palletOf(api: ApiPromise, kind: SubstrateKind): ContractPallet {
  const needed = kind === 'revive' ? 'revive' : 'evm'
  if (!api.tx[needed]) {
    throw new WrongChain(`The node's chain (${api.runtimeVersion.specName}) has no pallet ${needed}.`)
  }
  return kind === 'revive' ? createRevivePallet(api) : createEvmPallet(api)
}

async function bindingOf(api: ApiPromise, kind: SubstrateKind, account: NativeAccount): Promise<Binding> {
  return kind === 'revive' ? mapBinding(api, account) : claimBinding(api, account)
}

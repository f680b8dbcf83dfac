import type { ApiPromise } from '@polkadot/api'
import { WrongChain } from '../errors.ts'
import type { NativeAccount } from './account.ts'
import { bindingOf } from './binding.ts'
import { createFacade } from './createFacade.ts'
import { createSubstratePool } from './createSubstratePool.ts'
import { palletOf, type SubstrateKind } from './palletOf.ts'
import { SubstrateProvider } from './SubstrateProvider.ts'
import { SubstrateSigner } from './SubstrateSigner.ts'

/** An ethers provider over an API that is open, and signers for native accounts. Throws WrongChain for another chain. */
export async function chainOver(
  api: ApiPromise,
  options: {
    kind: SubstrateKind
    name: string
    /** Whatever the chain says where it is left out: a deployment's first step. */
    chainId?: number
    pollingIntervalMs: number
    requireRightChain: () => void
  },
): Promise<{ provider: SubstrateProvider; signerOf: (account: NativeAccount) => Promise<SubstrateSigner> }> {
  const { kind, name, requireRightChain, pollingIntervalMs } = options
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
  const pool = createSubstratePool({ name, chainId, facade, requireRightChain })
  const provider = new SubstrateProvider(api, pool, chainId, pollingIntervalMs)
  const signerOf = async (account: NativeAccount) => {
    const binding = await bindingOf(api, kind, account)
    own.set(binding.address.toLowerCase(), account.accountId)
    return new SubstrateSigner({ api, pallet, account, binding, provider })
  }
  return { provider, signerOf }
}

import type { ApiPromise } from '@polkadot/api'
import { blake2AsHex } from '@polkadot/util-crypto'
import { concat, dataSlice, getAddress, keccak256, toUtf8Bytes, type Wallet } from 'ethers'
import { ChainError } from '../errors.ts'
import type { NativeAccount } from './account.ts'
import type { Extrinsic } from './pallet.ts'
import type { SubstrateKind } from './palletOf.ts'

/** How a chain comes to know which EVM address an account has. */
export type Binding = {
  readonly address: string
  /** Throws ChainError if the account has another address. */
  isBound(at: string): Promise<boolean>
  extrinsic(): Promise<Extrinsic>
}

type Optional = { readonly isSome: boolean; toString(): string; unwrap(): { toHex(): string } }

/** How an account gets its address on this kind of chain. */
export async function bindingOf(
  api: ApiPromise,
  kind: SubstrateKind,
  account: NativeAccount,
): Promise<Binding> {
  if (kind === 'revive') return mapBinding(api, account)
  return account.wallet ? claimBinding(api, account, account.wallet) : defaultBinding(api, account)
}

/** EVM pallets take the address of an Ethereum key that signed the account's public key (evmAccounts.claimAccount). */
async function claimBinding(
  api: ApiPromise,
  { accountId, name }: NativeAccount,
  wallet: Wallet,
): Promise<Binding> {
  const address = await wallet.getAddress()
  return {
    address,
    async isBound(at) {
      const found = await boundAddress(api, accountId, at)
      if (found === undefined || found === address) return found !== undefined
      throw otherAddress(name, found, address)
    },
    async extrinsic() {
      const chainId = Number(String(api.consts.evmAccounts!.chainId))
      const domain = { name: 'Acala EVM claim', version: '1', chainId, salt: api.genesisHash.toHex() }
      const types = { Transaction: [{ name: 'substrateAddress', type: 'bytes' }] }
      const signature = await wallet.signTypedData(domain, types, { substrateAddress: accountId })
      return api.tx.evmAccounts!.claimAccount!(address, signature)
    },
  }
}

/**
 * An account without an Ethereum key here acts through the address that it was bound to before, or through one that follows
 * from its public key (evmAccounts.claimDefaultAccount), for which nobody can sign.
 */
async function defaultBinding(api: ApiPromise, { accountId, name }: NativeAccount): Promise<Binding> {
  const newest = (await api.rpc.chain.getBlockHash()).toHex()
  const hash = blake2AsHex(concat([toUtf8Bytes('evm:'), accountId]))
  const address = (await boundAddress(api, accountId, newest)) ?? getAddress(dataSlice(hash, 0, 20))
  return {
    address,
    async isBound(at) {
      const found = await boundAddress(api, accountId, at)
      if (found === undefined || found === address) return found !== undefined
      throw otherAddress(name, found, address)
    },
    extrinsic: async () => api.tx.evmAccounts!.claimDefaultAccount!(),
  }
}

async function boundAddress(api: ApiPromise, accountId: string, at: string): Promise<string | undefined> {
  const then = await api.at(at)
  const bound = (await then.query.evmAccounts!.evmAddresses!(accountId)) as unknown as Optional
  return bound.isSome ? getAddress(bound.unwrap().toHex()) : undefined
}

function otherAddress(name: string, found: string, expected: string): ChainError {
  return new ChainError({
    errorName: 'AccountBound',
    args: { account: name, address: found },
    shortMessage: `The account ${name} is bound to the EVM address ${found}, not to ${expected}, whose key this keystore holds.`,
    suggestion: 'Use an account that was not bound before: a binding is for ever.',
  })
}

/** pallet-revive hashes an account's public key to its address, and wants to be told once (revive.mapAccount). */
function mapBinding(api: ApiPromise, { accountId }: NativeAccount): Binding {
  const address = getAddress(`0x${keccak256(accountId).slice(-40)}`)
  return {
    address,
    async isBound(at) {
      const mapped = (await (await api.at(at)).query.revive!.originalAccount!(address)) as unknown as Optional
      return mapped.isSome
    },
    extrinsic: async () => api.tx.revive!.mapAccount!(),
  }
}

import type { ApiPromise } from '@polkadot/api'
import { getAddress, keccak256 } from 'ethers'
import { ChainError } from '../errors.ts'
import type { NativeAccount } from './account.ts'
import type { Extrinsic } from './pallet.ts'

/** How a chain comes to know which EVM address an account has. */
export type Binding = {
  readonly address: string
  /** Throws ChainError if the account has another address. */
  isBound(at: string): Promise<boolean>
  extrinsic(): Promise<Extrinsic>
}

type Optional = { readonly isSome: boolean; toString(): string; unwrap(): { toHex(): string } }

/** EVM pallets take the address of an Ethereum key that signed the account's public key (evmAccounts.claimAccount). */
export async function claimBinding(api: ApiPromise, account: NativeAccount): Promise<Binding> {
  const { wallet, accountId, name } = account
  if (!wallet) throw new TypeError('an account without an Ethereum key cannot claim its address')
  const address = await wallet.getAddress()
  return {
    address,
    async isBound(at) {
      const bound = (await (
        await api.at(at)
      ).query.evmAccounts!.evmAddresses!(accountId)) as unknown as Optional
      if (!bound.isSome) return false
      const found = getAddress(bound.unwrap().toHex())
      if (found === address) return true
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

function otherAddress(name: string, found: string, expected: string): ChainError {
  return new ChainError({
    errorName: 'AccountBound',
    args: { account: name, address: found },
    shortMessage: `The account ${name} is bound to the EVM address ${found}, not to ${expected}, whose key this keystore holds.`,
    suggestion: 'Use an account that was not bound before: a binding is for ever.',
  })
}

/** pallet-revive hashes an account's public key to its address, and wants to be told once (revive.mapAccount). */
export function mapBinding(api: ApiPromise, { accountId }: NativeAccount): Binding {
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

import type { ApiPromise } from '@polkadot/api'
import type { ChainKind } from '../chainKinds.ts'
import { WrongChain } from '../errors.ts'
import { createEvmPallet } from './evmPallet.ts'
import type { ContractPallet } from './pallet.ts'
import { createRevivePallet } from './revivePallet.ts'

export type SubstrateKind = Exclude<ChainKind, 'evm'>

/** The pallet of the chain that runs Solidity. Throws WrongChain if there is none of that kind. */
export function palletOf(api: ApiPromise, kind: SubstrateKind): ContractPallet {
  const needed = kind === 'revive' ? 'revive' : 'evm'
  if (!api.tx[needed]) {
    throw new WrongChain(`The node's chain (${api.runtimeVersion.specName}) has no pallet ${needed}.`)
  }
  return kind === 'revive' ? createRevivePallet(api) : createEvmPallet(api)
}

import type { ApiPromise } from '@polkadot/api'

const EVM_DECIMALS = 18

/** How many wei the EVM counts for one unit of the chain's coin, which has fewer decimals. */
export function weiPerUnitOf(api: ApiPromise): bigint {
  const [decimals = EVM_DECIMALS] = api.registry.chainDecimals
  return 10n ** BigInt(EVM_DECIMALS - decimals)
}

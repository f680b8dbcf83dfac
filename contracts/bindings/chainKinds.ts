/**
 * How a chain is spoken to: Ethereum's JSON-RPC, or a Substrate node's, with Solidity run by an EVM pallet (Acala's) or by
 * pallet-revive.
 */
export const chainKinds = ['evm', 'substrate-evm', 'revive'] as const
export type ChainKind = (typeof chainKinds)[number]

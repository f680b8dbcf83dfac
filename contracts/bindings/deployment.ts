import { ZeroAddress } from 'ethers'
import { z } from 'zod'
import { chainKinds } from './chainKinds.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an address: 0x and 40 hex digits')

/** Where a runtime lives: chain, contracts, and the block to start following from. `chain` is evm where it is left out. */
export const deploymentSchema = z.strictObject({
  chain: z.enum(chainKinds).exactOptional(),
  chainId: z.int().positive(),
  genesisHash: z.string().regex(/^0x[0-9a-f]{64}$/, 'a block hash: 0x and 64 hex digits'),
  token: address,
  runtime: address,
  balances: address,
  machines: address,
  staking: address,
  market: address,
  proofs: address,
  windows: address,
  disputes: address,
  // Zero in records from before there were any.
  hashrate: address.default(ZeroAddress),
  drilling: address.default(ZeroAddress),
  rewards: address.default(ZeroAddress),
  /** The contract whose drand rounds draw; zero where hashes of blocks do. */
  beacon: address.default(ZeroAddress),
  /** Where those are asked for, unless somebody says otherwise; without it, evmnet's public relays. */
  drandRelays: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(8)
    .exactOptional(),
  deployedBlock: z.int().nonnegative(),
})

export type Deployment = z.infer<typeof deploymentSchema>

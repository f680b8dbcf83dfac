import type { Deployment } from './deployment.ts'

const DEVNET_CHAIN_ID = 31_337
const DEVNET_POLLING_MS = 250
const POLLING_MS = 4_000

/** How often to look for new blocks, by chain. */
export function pollingIntervalMs({ chainId }: Pick<Deployment, 'chainId'>): number {
  return chainId === DEVNET_CHAIN_ID ? DEVNET_POLLING_MS : POLLING_MS
}

import type { JsonRpcProvider } from 'ethers'
import { createProvider } from './context.ts'
import type { Deployment } from './deployment.ts'
import { pollingIntervalMs } from './pollingIntervalMs.ts'

/** One node's provider for a deployment's kind of chain, without looking whether it is that chain. */
export async function openProvider(rpcUrl: string, deployment: Deployment): Promise<JsonRpcProvider> {
  const { chain, chainId } = deployment
  if (chain === undefined || chain === 'evm') return createProvider(rpcUrl, chainId)
  const { openSubstrate } = await import('./substrate/openSubstrate.ts')
  const polling = { pollingIntervalMs: pollingIntervalMs(deployment) }
  return (await openSubstrate({ kind: chain, urls: [rpcUrl], ...polling })).provider
}

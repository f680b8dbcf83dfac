import { type AbstractSigner, type ContractRunner, FetchRequest, JsonRpcProvider, Network } from 'ethers'
import { toChainError } from './decodeError.ts'
import type { Deployment } from './deployment.ts'
import { WrongChain } from './errors.ts'
import type { Outbox } from './outbox/outbox.ts'
import { createPool } from './rpc/createPool.ts'
import { PooledProvider } from './rpc/PooledProvider.ts'

/** What every binding needs: where the contracts are, and who reads or signs. */
export type ChainContext = {
  readonly deployment: Deployment
  readonly runner: ContractRunner
  /** Where transactions are noted before they are sent; without it, in memory. */
  readonly outbox?: Outbox
}

const REQUEST_TIMEOUT_MS = 15_000
const DEVNET_CHAIN_ID = 31_337
const DEVNET_POLLING_MS = 250
const POLLING_MS = 4_000

/** How often to look for new blocks, by chain. */
export function pollingIntervalMs(deployment: Deployment): number {
  return deployment.chainId === DEVNET_CHAIN_ID ? DEVNET_POLLING_MS : POLLING_MS
}

/** A JSON-RPC provider with a time limit per request; it never asks for the chain id again. */
export function createProvider(rpcUrl: string, chainId: number): JsonRpcProvider {
  const request = new FetchRequest(rpcUrl)
  request.timeout = REQUEST_TIMEOUT_MS
  const network = Network.from(chainId)
  const pollingInterval = chainId === DEVNET_CHAIN_ID ? DEVNET_POLLING_MS : POLLING_MS
  // No result cache: a read right after a transaction must see it.
  return new JsonRpcProvider(request, network, { staticNetwork: network, pollingInterval, cacheTimeout: -1 })
}

/**
 * Connects to a deployment, with a signer to send transactions or without one to read only. Given several addresses,
 * the first that answers and is in sync is asked; `outbox` keeps what was sent (in memory unless given).
 * Throws WrongChain if a node serves another chain, ChainUnreachable if none answers.
 */
export async function connect(options: {
  rpcUrl: string | readonly string[]
  deployment: Deployment
  signer?: AbstractSigner
  outbox?: Outbox
  onRpcError?: (address: string, error: Error) => void
}): Promise<ChainContext> {
  const { rpcUrl, deployment, signer, outbox, onRpcError } = options
  const { chainId, genesisHash, market } = deployment
  const urls = typeof rpcUrl === 'string' ? [rpcUrl] : rpcUrl
  const pool = createPool({ urls, chainId, genesisHash, onError: onRpcError })
  const provider = new PooledProvider(pool, chainId, pollingIntervalMs(deployment))
  try {
    await pool.verify()
    if ((await provider.getCode(market)) === '0x') {
      throw new WrongChain(`There is no contract at ${market}.`)
    }
  } catch (error) {
    provider.destroy()
    throw toChainError(error, 'Connecting to the chain')
  }
  return { deployment, runner: signer ? signer.connect(provider) : provider, ...(outbox ? { outbox } : {}) }
}

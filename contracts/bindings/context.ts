import {
  type AbstractSigner,
  type ContractRunner,
  FetchRequest,
  JsonRpcProvider,
  Network,
  type Provider,
} from 'ethers'
import { SubstrateAccount } from './accounts/SubstrateAccount.ts'
import { toChainError } from './decodeError.ts'
import type { Deployment } from './deployment.ts'
import { WrongChain } from './errors.ts'
import type { Outbox } from './outbox/outbox.ts'
import { pollingIntervalMs } from './pollingIntervalMs.ts'
import type { Rounds } from './rounds.ts'
import { createPool } from './rpc/createPool.ts'
import { PooledProvider } from './rpc/PooledProvider.ts'
import type { SubstrateKind } from './substrate/palletOf.ts'

/** What every binding needs: where the contracts are, and who reads or signs. */
export type ChainContext = {
  readonly deployment: Deployment
  readonly runner: ContractRunner
  /** Where transactions are noted before they are sent; without it, in memory. */
  readonly outbox?: Outbox
  /** Where drand's rounds are looked up, on a chain that they draw on. */
  readonly rounds?: Rounds
}

const REQUEST_TIMEOUT_MS = 15_000

/** A JSON-RPC provider with a time limit per request; it never asks for the chain id again. */
export function createProvider(rpcUrl: string, chainId: number): JsonRpcProvider {
  const request = new FetchRequest(rpcUrl)
  request.timeout = REQUEST_TIMEOUT_MS
  const network = Network.from(chainId)
  const pollingInterval = pollingIntervalMs({ chainId })
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
  const { chainId, genesisHash } = deployment
  const urls = typeof rpcUrl === 'string' ? [rpcUrl] : rpcUrl
  if (deployment.chain !== undefined && deployment.chain !== 'evm') {
    return connectToSubstrate({ deployment, kind: deployment.chain, urls, signer, outbox })
  }
  if (signer instanceof SubstrateAccount) {
    throw new WrongChain(`The account is of type ${signer.pair.type}, and the deployment is on an EVM chain.`)
  }
  const pool = createPool({ urls, chainId, genesisHash, onError: onRpcError })
  const provider = new PooledProvider(pool, chainId, pollingIntervalMs(deployment))
  try {
    await pool.verify()
    await requireContracts(provider, deployment)
  } catch (error) {
    provider.destroy()
    throw toChainError(error, 'Connecting to the chain')
  }
  return { deployment, runner: signer ? signer.connect(provider) : provider, ...(outbox ? { outbox } : {}) }
}

/** Loaded only where it is needed: @polkadot/api takes its memory and its time. */
async function connectToSubstrate(options: {
  deployment: Deployment
  kind: SubstrateKind
  urls: readonly string[]
  signer: AbstractSigner | undefined
  outbox: Outbox | undefined
}): Promise<ChainContext> {
  const { deployment, signer, outbox, ...rest } = options
  const { chainId, genesisHash } = deployment
  const { openSubstrate } = await import('./substrate/openSubstrate.ts')
  try {
    const polling = { pollingIntervalMs: pollingIntervalMs(deployment) }
    const { provider, signerFor } = await openSubstrate({ ...rest, chainId, genesisHash, ...polling })
    try {
      await requireContracts(provider, deployment)
      const runner = signer ? await signerFor(signer) : provider
      return { deployment, runner, ...(outbox ? { outbox } : {}) }
    } catch (error) {
      provider.destroy()
      throw error
    }
  } catch (error) {
    throw toChainError(error, 'Connecting to the chain')
  }
}

async function requireContracts(provider: Provider, { market }: Deployment): Promise<void> {
  if ((await provider.getCode(market)) !== '0x') return
  throw new WrongChain(`There is no contract at ${market}.`)
}

import { type AbstractSigner, type ContractRunner, FetchRequest, JsonRpcProvider, Network } from 'ethers'
import { toChainError } from './decodeError.ts'
import type { Deployment } from './deployment.ts'
import { WrongChain } from './errors.ts'

/** What every binding needs: where the contracts are, and who reads or signs. */
export type ChainContext = { readonly deployment: Deployment; readonly runner: ContractRunner }

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

async function checkChain(provider: JsonRpcProvider, deployment: Deployment): Promise<void> {
  const chainId = Number(await provider.send('eth_chainId', []))
  if (chainId !== deployment.chainId) {
    throw new WrongChain(
      `The node serves chain ${chainId}, the deployment is on chain ${deployment.chainId}.`,
    )
  }
  const genesis = await provider.getBlock(0)
  if (genesis?.hash !== deployment.genesisHash) {
    throw new WrongChain(
      `The node's first block is ${genesis?.hash}, the deployment's is ${deployment.genesisHash}.`,
    )
  }
  if ((await provider.getCode(deployment.market)) === '0x') {
    throw new WrongChain(`There is no contract at ${deployment.market}.`)
  }
}

/**
 * Connects to a deployment, with a signer to send transactions or without one to read only.
 * Throws WrongChain if the node serves another chain, ChainUnreachable if it does not answer.
 */
export async function connect(options: {
  rpcUrl: string
  deployment: Deployment
  signer?: AbstractSigner
}): Promise<ChainContext> {
  const { rpcUrl, deployment, signer } = options
  const provider = createProvider(rpcUrl, deployment.chainId)
  try {
    await checkChain(provider, deployment)
  } catch (error) {
    provider.destroy()
    throw toChainError(error, 'Connecting to the chain')
  }
  return { deployment, runner: signer ? signer.connect(provider) : provider }
}

import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { chainOver } from '@trainyard/contracts/substrate/chainOver.ts'
import { openApi } from '@trainyard/contracts/substrate/connectApi.ts'
import type { SubstrateProvider } from '@trainyard/contracts/substrate/SubstrateProvider.ts'
import type { SubstrateSigner } from '@trainyard/contracts/substrate/SubstrateSigner.ts'
import { hexlify, type TransactionRequest, toQuantity } from 'ethers'
import type { Chain } from '../../../server/api/schemas.ts'
import { fetchJson } from '../../api/fetchJson.ts'
import { chainApi } from '../../url.ts'
import { answerOf, extensionNames } from './extensions.ts'
import { serverProvider } from './serverProvider.ts'
import type { NativeSigner } from './substrateWallet.ts'

const POLLING_MS = 1_000
const SIGN_MS = 300_000
const CHAIN_MS = 15_000

type Call = { readonly method: string; readonly params?: readonly unknown[] }
type Opened = {
  readonly provider: SubstrateProvider
  readonly signerOf: (native: NativeSigner) => Promise<SubstrateSigner>
}

/** What an account of this kind cannot do. Code 4200 (EIP-1193): not supported. */
class NotSupported extends Error {
  override readonly name = 'NotSupported'
  readonly code = 4200
}

/** Answers what a wallet answers, for one Substrate account. Throws with EIP-1193's codes. */
export const requestSubstrate = async (native: NativeSigner, call: Call): Promise<unknown> => {
  const { method, params = [] } = call
  const { provider, signerOf } = await chain()
  switch (method) {
    case 'eth_accounts':
    case 'eth_requestAccounts':
      return extensionNames().includes(native.extension) ? [await (await signerOf(native)).getAddress()] : []
    case 'eth_getBlockByNumber':
      return params[0] === '0x0' && native.account.genesisHash
        ? { hash: native.account.genesisHash } // its owner keeps it to that chain
        : provider.send(method, [...params])
    case 'eth_getTransactionCount':
      return toQuantity(await (await signerOf(native)).getNonce(params[1]))
    case 'eth_estimateGas':
      return toQuantity(await (await signerOf(native)).estimateGas(params[0] as TransactionRequest))
    case 'eth_sendTransaction':
      return (await signerOf(native)).sendUncheckedTransaction(transactionIn(params[0]))
    case 'eth_signTypedData_v4':
    case 'personal_sign':
    case 'wallet_switchEthereumChain':
    case 'wallet_addEthereumChain':
      throw new NotSupported(`A Substrate account does not do ${method}.`)
    default:
      return provider.send(method, [...params])
  }
}

const transactionIn = (asked: unknown): TransactionRequest => {
  const { gas, ...request } = asked as TransactionRequest & { gas?: string }
  return gas === undefined ? request : { ...request, gasLimit: gas }
}

let opened: { readonly genesisHash: string; readonly chain: Promise<Opened> } | undefined

/** The market's chain, opened once. What failed is tried again. */
const chain = async (): Promise<Opened> => {
  const { deployment } = await fetchJson<Chain>(chainApi(), AbortSignal.timeout(CHAIN_MS))
  if (opened?.genesisHash !== deployment.genesisHash) {
    const opening = open(deployment)
    opened = { genesisHash: deployment.genesisHash, chain: opening }
    opening.catch(() => {
      opened = undefined
    })
  }
  return opened.chain
}

const open = async ({ chain: kind, chainId, genesisHash }: Deployment): Promise<Opened> => {
  if (kind === undefined || kind === 'evm') throw new NotSupported('The market is not on a Substrate chain.')
  const { api, requireRightChain } = await openApi(serverProvider(), "the market's node", genesisHash)
  const name = "the market's node"
  const over = await chainOver(api, { kind, name, chainId, requireRightChain, pollingIntervalMs: POLLING_MS })
  const signers = new Map<string, Promise<SubstrateSigner>>()
  const signerOf = async (native: NativeSigner): Promise<SubstrateSigner> => {
    const { extension, account, signer } = native
    const key = `${extension}:${account.address}`
    const known = signers.get(key)
    if (known) return known
    const accountId = api.registry.createType('AccountId32', account.address)
    // A wallet that went away must not leave the page waiting for ever.
    const signPayload: typeof signer.signPayload = (payload) =>
      answerOf(extension, signer.signPayload(payload), SIGN_MS)
    const made = over.signerOf({
      pair: account.address,
      accountId: hexlify(accountId.toU8a()),
      name: accountId.toString(),
      signer: { signPayload },
      wallet: undefined,
    })
    signers.set(key, made)
    made.catch(() => signers.delete(key))
    return made
  }
  return { provider: over.provider, signerOf }
}

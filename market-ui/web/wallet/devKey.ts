import { type TransactionRequest, type TypedDataDomain, type TypedDataField, Wallet } from 'ethers'
import { postJson } from '../api/postJson.ts'
import { marketProvider } from '../chain/marketProvider.ts'
import { local } from '../local.ts'
import { devnetCoinApi } from '../url.ts'

/** The only chain this key signs for: the number of every local chain. */
const DEVNET_CHAIN_ID = 31_337
const ENOUGH_WEI = 10n ** 18n

type Call = { readonly method: string; readonly params?: readonly unknown[] }
type TypedData = {
  readonly domain: TypedDataDomain
  readonly types: Readonly<Record<string, TypedDataField[]>>
  readonly message: Record<string, unknown>
}

/** The key has refused: it is for devnets. Code 4901 (EIP-1193): not connected to the chain asked for. */
class NotADevnet extends Error {
  override readonly name = 'NotADevnet'
  readonly code = 4901
}

/** Answers what a wallet answers. Throws NotADevnet when anything is to be signed for another chain. */
export const requestDevKey = async ({ method, params = [] }: Call): Promise<unknown> => {
  const provider = marketProvider(DEVNET_CHAIN_ID)
  switch (method) {
    case 'eth_accounts':
      return local.devKeyInUse.get() ? [key().address] : []
    case 'eth_requestAccounts':
      await requireDevnet()
      local.devKeyInUse.set(true)
      await requireCoin()
      return [key().address]
    case 'eth_chainId':
      return provider.send('eth_chainId', [])
    case 'wallet_switchEthereumChain':
    case 'wallet_addEthereumChain':
      return requireDevnet()
    case 'eth_sendTransaction':
      await requireDevnet()
      await requireCoin()
      return send(params[0] as TransactionRequest & { gas?: string })
    case 'eth_signTypedData_v4':
      await requireDevnet()
      return signTyped(JSON.parse(String(params[1])) as TypedData)
    default:
      return provider.send(method, [...params])
  }
}

const key = (): Wallet => {
  const kept = local.devKey.get()
  const wallet = kept ? new Wallet(kept) : new Wallet(Wallet.createRandom().privateKey)
  if (!kept) local.devKey.set(wallet.privateKey)
  return wallet
}

const requireDevnet = async (): Promise<null> => {
  const chainId = Number(await marketProvider(DEVNET_CHAIN_ID).send('eth_chainId', []))
  if (chainId !== DEVNET_CHAIN_ID) throw new NotADevnet(`The devnet key does not sign for chain ${chainId}.`)
  return null
}

/** After a reset the key is the same and its coin is gone. */
const requireCoin = async (): Promise<void> => {
  const { address } = key()
  if ((await marketProvider(DEVNET_CHAIN_ID).getBalance(address)) < ENOUGH_WEI)
    await postJson(devnetCoinApi(), { account: address })
}

const send = async ({ gas, ...request }: TransactionRequest & { gas?: string }): Promise<string> => {
  const provider = marketProvider(DEVNET_CHAIN_ID)
  const wallet = key().connect(provider)
  const gasLimit = gas ?? request.gasLimit
  const whole = await wallet.populateTransaction({
    ...request,
    ...(gasLimit ? { gasLimit } : {}),
    chainId: DEVNET_CHAIN_ID,
  })
  const { hash } = await provider.broadcastTransaction(await wallet.signTransaction(whole))
  return hash
}

const signTyped = ({ domain, types, message }: TypedData): Promise<string> => {
  if (Number(domain.chainId) !== DEVNET_CHAIN_ID)
    throw new NotADevnet(`The devnet key does not sign for chain ${String(domain.chainId)}.`)
  const { EIP712Domain: _domain, ...rest } = types
  return key().signTypedData(domain, rest, message)
}

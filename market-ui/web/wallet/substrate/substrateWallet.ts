import type { WalletDetail } from '../eip1193.ts'
import { enableExtension, type InjectedAccount, type InjectedSigner } from './extensions.ts'

const PREFIX = 'substrate:'

/** One account of a polkadot.js-compatible wallet, and who signs for it. */
export type NativeSigner = {
  readonly extension: string
  readonly account: InjectedAccount
  readonly signer: InjectedSigner
}

/**
 * A Substrate account that answers what Ethereum's wallets answer, so that no action of the page knows the difference. The code
 * that builds extrinsics is loaded when it is first asked.
 */
export const substrateWallet = (native: NativeSigner): WalletDetail => {
  const { extension, account } = native
  const rdns = `${PREFIX}${extension}:${account.address}`
  const load = async () => (await import('./requestSubstrate.ts')).requestSubstrate
  return {
    info: { uuid: rdns, name: `${account.name ?? 'Account'} (${extension})`, icon: '', rdns },
    provider: { request: async (call) => (await load())(native, call) },
    ss58: account.address,
  }
}

/** The account of the last visit, if its wallet still shows it; undefined if another kind of wallet was used then. */
export const formerWallet = async (rdns: string): Promise<WalletDetail | undefined> => {
  const [, extension, address] = /^substrate:(.+):([^:]+)$/.exec(rdns) ?? []
  if (extension === undefined || address === undefined) return undefined
  const { accounts, signer } = await enableExtension(extension)
  const account = accounts.find((each) => each.address === address)
  return account && substrateWallet({ extension, account, signer })
}

import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import { sendCall } from '@trainyard/contracts/send.ts'
import { Interface, type InterfaceAbi, parseEther } from 'ethers'
import { postJson } from '../api/postJson.ts'
import { devnetCoinApi } from '../url.ts'
import type { WalletState } from '../wallet/WalletStore.ts'
import type { Tell } from './TracingSigner.ts'
import { withWallet } from './withWallet.ts'

const AMOUNT_WEI = parseEther('1000')

/** Coin for gas from the devnet, and tokens from the token itself, which mints for anybody there. */
export const getTestCoins = (wallet: WalletState, deployment: Deployment, tell: Tell): Promise<unknown> =>
  withWallet(wallet, deployment, tell, async (context, account) => {
    await postJson(devnetCoinApi(), { account })
    const data = new Interface(devTokenAbi as InterfaceAbi).encodeFunctionData('mint', [account, AMOUNT_WEI])
    return sendCall(context, { to: deployment.token, data }, 'token.mint')
  })

import { type ChainContext, connect, createProvider } from '@trainyard/contracts/context.ts'
import { deployDevToken } from '@trainyard/contracts/deploy/deployDevToken.ts'
import { deployRuntime } from '@trainyard/contracts/deploy/deployRuntime.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { devnetScoreParameters, type ScoreParameters } from '@trainyard/contracts/deploy/scoreParameters.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import type { DrandParameters } from '@trainyard/contracts/drandNetwork.ts'
import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { sendCall } from '@trainyard/contracts/send.ts'
import {
  HDNodeWallet,
  Interface,
  type InterfaceAbi,
  type JsonRpcProvider,
  Mnemonic,
  parseEther,
} from 'ethers'
import { startAnvil } from './anvil.ts'

const CHAIN_ID = 31_337
const TOKENS_WEI = parseEther('100000')
// anvil's own published accounts: worth nothing anywhere.
const MNEMONIC = 'test test test test test test test test test test test junk'

export type Devnet = {
  readonly rpcUrl: string
  readonly deployment: Deployment
  readonly provider: JsonRpcProvider
  /** A new context for funded account `index` (0 to 8): 10,000 ETH for gas and 100,000 DEV. */
  account: (index: number) => Promise<ChainContext & { address: string; wallet: HDNodeWallet }>
  /** Gives any address DEV and ETH. */
  fund: (address: string, tokensWei?: bigint) => Promise<void>
  mine: (blocks?: number) => Promise<void>
  /** Moves the chain's clock on and mines a block. */
  advance: (seconds: number) => Promise<void>
  stop: () => Promise<void>
}

function walletAt(index: number): HDNodeWallet {
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), `m/44'/60'/0'/0/${index}`)
}

async function fundAccount(faucet: ChainContext, address: string, tokensWei: bigint): Promise<void> {
  const provider = faucet.runner.provider as JsonRpcProvider
  await provider.send('anvil_setBalance', [address, `0x${parseEther('10000').toString(16)}`])
  const data = new Interface(devTokenAbi as InterfaceAbi).encodeFunctionData('mint', [address, tokensWei])
  await sendCall(faucet, { to: faucet.deployment.token, data }, 'mint')
}

/** A chain with the runtime deployed, for tests. Parameters are the devnet's unless overridden; hashes of blocks draw unless drand does. Stop it in afterAll. */
export async function startDevnet(
  overrides: Partial<ParameterFacts> = {},
  scores: Partial<ScoreParameters> = {},
  beacon?: DrandParameters,
): Promise<Devnet> {
  const anvil = await startAnvil()
  const provider = createProvider(anvil.rpcUrl, CHAIN_ID)
  try {
    provider.pollingInterval = 20
    const deployer = walletAt(9).connect(provider)
    const token = await deployDevToken(deployer)
    const parameters = { ...devnetParameters, ...overrides }
    const deployment = await deployRuntime(deployer, {
      ...{ parameters, token },
      scores: { ...devnetScoreParameters, ...scores },
      ...(beacon && { beacon }),
    })
    const faucet = { deployment, runner: deployer }
    return {
      rpcUrl: anvil.rpcUrl,
      deployment,
      provider,
      account: async (index) => {
        const wallet = walletAt(index)
        await fundAccount(faucet, wallet.address, TOKENS_WEI)
        const context = await connect({ rpcUrl: anvil.rpcUrl, deployment, signer: wallet })
        return { ...context, address: wallet.address, wallet }
      },
      fund: (address, tokensWei = TOKENS_WEI) => fundAccount(faucet, address, tokensWei),
      mine: async (blocks = 1) => {
        await provider.send('anvil_mine', [`0x${blocks.toString(16)}`])
      },
      advance: async (seconds) => {
        await provider.send('evm_increaseTime', [seconds])
        await provider.send('anvil_mine', ['0x1'])
      },
      stop: async () => {
        provider.destroy()
        await anvil.stop()
      },
    }
  } catch (error) {
    provider.destroy()
    await anvil.stop()
    throw error
  }
}

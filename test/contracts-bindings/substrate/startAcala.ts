import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Keyring } from '@polkadot/keyring'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { deployDevToken } from '@trainyard/contracts/deploy/deployDevToken.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import { type Sent, sendCall } from '@trainyard/contracts/send.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { openSubstrate } from '@trainyard/contracts/substrate/openSubstrate.ts'
import type { SubstrateProvider } from '@trainyard/contracts/substrate/SubstrateProvider.ts'
import { Interface, type InterfaceAbi, parseEther, type Signer, type Wallet } from 'ethers'
import { startSubstrateChain } from '../../helpers/substrateChain.ts'
import {
  type AccountName,
  accountOf,
  genesisBalances,
  type KeystoreName,
  seedOf,
  writeKeystores,
} from './acalaAccounts.ts'
import { runCli } from './runCli.ts'

const CHAIN_ID = 31_337 // a chain on one machine, by the bindings' word for it
const TICK_MS = 1_500
/** Acala's blocks are 12 seconds of chain time apart, however long they take here. */
const PHASE_SECONDS = 3_600
const MINT_GAS = 300_000
const MINT_BYTES = 10_000
const token = new Interface(devTokenAbi as InterfaceAbi)

export type Acala = Awaited<ReturnType<typeof startAcala>>

const parameters = {
  ...devnetParameters,
  ...{ confirmSeconds: PHASE_SECONDS, lastWindowSeconds: 600 },
  ...{ commitSeconds: PHASE_SECONDS, revealSeconds: PHASE_SECONDS },
}

/** Acala's runtime with all contracts on it, deployed from an sr25519 account by the command line. */
export async function startAcala() {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-acala-'))
  const starting = startSubstrateChain({
    accounts: await genesisBalances(),
    chainId: CHAIN_ID,
    tickMs: TICK_MS,
  })
  const accounts = await writeKeystores(dir)
  const chain = await starting
  // One connection for whoever acts in this process: each of its own would read the metadata anew.
  const open = { kind: 'substrate-evm', urls: [chain.url], pollingIntervalMs: 250 } as const
  const { provider, signerFor } = await openSubstrate(open)
  const minter = (await signerFor(await accountOf('minter'))) as Signer
  const address = await deployDevToken(minter)
  const deploymentFile = join(dir, 'deployment.json')
  await deployByCli({ dir, url: chain.url, token: address, files: accounts.deployer, out: deploymentFile })
  const deployment = deploymentSchema.parse(JSON.parse(await readFile(deploymentFile, 'utf8')))
  const contextOf = async (account: Wallet): Promise<ChainContext & { address: string }> => {
    const context = { deployment, runner: await signerFor(account) }
    return { ...context, address: await signerOf(context).getAddress() }
  }
  const faucet: ChainContext = { deployment, runner: minter }
  const mint = (to: string, amountWei = parseEther('10000')): Promise<Sent> =>
    sendCall(faucet, { to: address, data: token.encodeFunctionData('mint', [to, amountWei]) }, 'token.mint')
  return {
    dir,
    url: chain.url,
    accounts,
    provider,
    deployment,
    deploymentFile,
    faucet,
    mint,
    mintAll: (to: readonly string[]) => mintAll(provider, address, to),
    /** An account of this process, without its keystore. */
    connectAs: async (name: AccountName) => contextOf(await accountOf(name)),
    /** The same out of its file. */
    connectByKeystore: async (name: KeystoreName) => {
      const { keystore: file, passwordFile } = accounts[name]
      return contextOf(await readKeystore({ file, passwordFile }))
    },
    stop: async () => {
      provider.destroy()
      await chain.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function deployByCli(options: {
  dir: string
  url: string
  token: string
  files: { keystore: string; passwordFile: string }
  out: string
}): Promise<void> {
  const { dir, url, token: tokenAddress, files, out } = options
  const parameterFile = join(dir, 'parameters.json')
  const text = JSON.stringify(parameters, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  await writeFile(parameterFile, text)
  const { exitCode, stderr } = await runCli('contracts/deploy/cli.ts', [
    ...['--chain', 'substrate-evm', '--rpc', url, '--chain-id', String(CHAIN_ID), '--token', tokenAddress],
    ...['--keystore', files.keystore, '--password-file', files.passwordFile],
    ...['--parameters', parameterFile, '--beacon', 'block', '--records', join(dir, 'records'), '--out', out],
  ])
  if (exitCode !== 0) throw new Error(`the deployment ended with ${exitCode}: ${stderr}`)
}

/** Tokens for many in one extrinsic: the token mints for anybody. */
async function mintAll(provider: SubstrateProvider, at: string, to: readonly string[]): Promise<void> {
  const { api } = provider
  const amountWei = parseEther('10000')
  const calls = to.map((each) =>
    api.tx.evm!.call!(at, token.encodeFunctionData('mint', [each, amountWei]), 0, MINT_GAS, MINT_BYTES, []),
  )
  const pair = new Keyring({ type: 'sr25519' }).addFromSeed(seedOf('minter'))
  await api.tx.utility!.batchAll!(calls).signAndSend(pair, { nonce: -1 })
  const balanceOf = token.encodeFunctionData('balanceOf', [to.at(-1)])
  const deadlineMs = Date.now() + 60_000
  while (BigInt(await provider.call({ to: at, data: balanceOf })) < amountWei) {
    if (Date.now() > deadlineMs) throw new Error('the tokens were not minted')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** Chopsticks' own calls. */
export function devCall(provider: SubstrateProvider, method: string, params: unknown[]): Promise<unknown> {
  const { provider: node } = (provider.api as unknown as { _rpcCore: { provider: Node } })._rpcCore
  return node.send(method, params)
}

type Node = { send(method: string, params: unknown[]): Promise<unknown> }

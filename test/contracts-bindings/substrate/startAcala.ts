import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blake2AsU8a, decodeAddress } from '@polkadot/util-crypto'
import { createKeystore } from '@trainyard/contracts/accounts/createKeystore.ts'
import { type KeystoreType, readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { type ChainContext, connect } from '@trainyard/contracts/context.ts'
import { deployDevToken } from '@trainyard/contracts/deploy/deployDevToken.ts'
import { deployRuntime } from '@trainyard/contracts/deploy/deployRuntime.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { devTokenAbi } from '@trainyard/contracts/generated/DevToken.ts'
import { type Sent, sendCall } from '@trainyard/contracts/send.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { openSubstrate } from '@trainyard/contracts/substrate/openSubstrate.ts'
import type { SubstrateProvider } from '@trainyard/contracts/substrate/SubstrateProvider.ts'
import { hexlify, Interface, type InterfaceAbi, parseEther, type Signer, SigningKey } from 'ethers'
import { startSubstrateChain } from '../../helpers/substrateChain.ts'

const CHAIN_ID = 31_337 // a chain on one machine, by the bindings' word for it
const TICK_MS = 1_500
const COINS = 10_000n * 10n ** 12n
/** Acala's blocks are 12 seconds of chain time apart, however long they take here. */
const PHASE_SECONDS = 3_600

export type Account = { name: string; keystore: string; passwordFile: string }
export type Acala = Awaited<ReturnType<typeof startAcala>>

/** Accounts that have coins from the first block on. */
const funded = ['deployer', 'seller', 'auditor', 'buyer', 'edwards', 'ethereum'] as const
type Name = (typeof funded)[number] | 'poor'

function typeOf(name: Name): KeystoreType {
  if (name === 'edwards') return 'ed25519'
  return name === 'ethereum' ? 'ethereum' : 'sr25519'
}

/** The 32 bytes that the native chain knows an account by. */
async function accountIdOf(name: Name, secretKey: Uint8Array, address: string): Promise<string> {
  if (typeOf(name) !== 'ethereum') return hexlify(decodeAddress(address))
  return hexlify(blake2AsU8a(SigningKey.computePublicKey(secretKey, true)))
}

/** Acala's runtime with all contracts on it, deployed from an sr25519 account. */
export async function startAcala() {
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-acala-'))
  const accounts = {} as Record<Name, Account>
  const balances: Record<string, bigint> = {}
  for (const [index, name] of ([...funded, 'poor'] as const).entries()) {
    await mkdir(join(dir, name))
    const passwordFile = join(dir, name, 'password')
    await writeFile(passwordFile, 'correct horse\n', { mode: 0o600 })
    const file = join(dir, name, 'keystore.json')
    const secretKey = new Uint8Array(32).fill(index + 1)
    const address = await createKeystore({ file, passwordFile, type: typeOf(name), secretKey })
    accounts[name] = { name, keystore: file, passwordFile }
    if (name !== 'poor') balances[await accountIdOf(name, secretKey, address)] = COINS
  }
  const chain = await startSubstrateChain({ accounts: balances, chainId: CHAIN_ID, tickMs: TICK_MS })
  const open = { kind: 'substrate-evm', urls: [chain.url], pollingIntervalMs: 250 } as const
  const { provider, signerFor } = await openSubstrate(open)
  const unlock = ({ keystore: file, passwordFile }: Account) => readKeystore({ file, passwordFile })
  const deployer = (await signerFor(await unlock(accounts.deployer))) as Signer
  const token = await deployDevToken(deployer)
  const parameters = {
    ...devnetParameters,
    ...{ confirmSeconds: PHASE_SECONDS, lastWindowSeconds: 600 },
    ...{ commitSeconds: PHASE_SECONDS, revealSeconds: PHASE_SECONDS },
  }
  const deployment = await deployRuntime(deployer, { parameters, token, chain: 'substrate-evm' })
  const deploymentFile = join(dir, 'deployment.json')
  await writeFile(deploymentFile, JSON.stringify(deployment))
  const contexts: ChainContext[] = []
  const connectAs = async (name: Name): Promise<ChainContext & { address: string }> => {
    const signer = await unlock(accounts[name])
    const context = await connect({ rpcUrl: chain.url, deployment, signer })
    contexts.push(context)
    return { ...context, address: await signerOf(context).getAddress() }
  }
  const faucet: ChainContext = { deployment, runner: deployer }
  const mint = (address: string, amountWei = parseEther('10000')): Promise<Sent> => {
    const data = new Interface(devTokenAbi as InterfaceAbi).encodeFunctionData('mint', [address, amountWei])
    return sendCall(faucet, { to: token, data }, 'token.mint')
  }
  const stop = async () => {
    for (const { runner } of contexts) runner.provider?.destroy()
    provider.destroy()
    await chain.stop()
    await rm(dir, { recursive: true, force: true })
  }
  return {
    dir,
    url: chain.url,
    accounts,
    provider,
    deployment,
    deploymentFile,
    faucet,
    connectAs,
    mint,
    stop,
  }
}

/** Chopsticks' own calls. */
export function devCall(provider: SubstrateProvider, method: string, params: unknown[]): Promise<unknown> {
  const { provider: node } = (provider.api as unknown as { _rpcCore: { provider: Node } })._rpcCore
  return node.send(method, params)
}

type Node = { send(method: string, params: unknown[]): Promise<unknown> }

import { readFile } from 'node:fs/promises'
import { createProvider } from '@trainyard/contracts/context.ts'
import { toChainError } from '@trainyard/contracts/decodeError.ts'
import { type Deployment, deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { WrongChain } from '@trainyard/contracts/errors.ts'
import { read } from '@trainyard/contracts/read.ts'
import { ZeroAddress } from 'ethers'
import { InputInvalid } from '../errors.ts'
import { parseJson } from '../json.ts'

const MAX_FILE_BYTES = 64 * 1024
const PALLETS = [
  'balances',
  'machines',
  'staking',
  'market',
  'proofs',
  'windows',
  'disputes',
  'hashrate',
  'drilling',
  'rewards',
  'beacon',
] as const

/**
 * The contracts that somebody means: a deployment file, or the address of a Runtime, which names the others.
 * Throws InputInvalid for a file that is none, WrongChain where no Runtime is, ChainUnreachable.
 */
export async function resolveDeployment(rpcUrl: string, fileOrAddress: string): Promise<Deployment> {
  if (/^0x[0-9a-fA-F]{40}$/.test(fileOrAddress)) return deploymentAt(rpcUrl, fileOrAddress)
  const bytes = await readFile(fileOrAddress)
  return parseJson(bytes, deploymentSchema, `deployment ${fileOrAddress}`, MAX_FILE_BYTES)
}

async function deploymentAt(rpcUrl: string, runtime: string): Promise<Deployment> {
  const provider = createProvider(rpcUrl, 0) // the only question asked before the chain is known
  let chainId: number
  try {
    chainId = Number(await provider.send('eth_chainId', []))
  } catch (error) {
    throw toChainError(error, 'Asking for the chain id')
  } finally {
    provider.destroy()
  }
  const runner = createProvider(rpcUrl, chainId)
  try {
    if ((await runner.getCode(runtime)) === '0x')
      throw new WrongChain(`There is no contract at ${runtime} on chain ${chainId}.`)
    const genesis = await runner.getBlock(0)
    const blank = { token: ZeroAddress, balances: ZeroAddress, machines: ZeroAddress, staking: ZeroAddress }
    const proving = { proofs: ZeroAddress, windows: ZeroAddress, disputes: ZeroAddress }
    const later = { market: ZeroAddress, ...proving }
    const scores = { hashrate: ZeroAddress, drilling: ZeroAddress, rewards: ZeroAddress, beacon: ZeroAddress }
    const start = { ...blank, ...later, ...scores, runtime }
    const deployment = { ...start, chainId, genesisHash: genesis?.hash ?? '', deployedBlock: 0 }
    const addresses = await Promise.all(
      PALLETS.map((name) => read({ deployment, runner }, 'runtime', name, [])),
    )
    const named = Object.fromEntries(PALLETS.map((name, i) => [name, addresses[i]!]))
    const found: Deployment = { ...deployment, ...named }
    found.token = await read({ deployment: found, runner }, 'balances', 'token', [])
    const result = deploymentSchema.safeParse(found)
    if (!result.success)
      throw new InputInvalid(`runtime ${runtime}`, 'the node says nothing of its contracts')
    return result.data
  } catch (error) {
    if (error instanceof InputInvalid) throw error
    throw toChainError(error, `Reading the Runtime at ${runtime}`)
  } finally {
    runner.destroy()
  }
}

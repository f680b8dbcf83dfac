import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deployDevToken } from '@trainyard/contracts/deploy/deployDevToken.ts'
import { deployRuntime } from '@trainyard/contracts/deploy/deployRuntime.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { type Deployment, deploymentSchema } from '@trainyard/contracts/deployment.ts'
import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'
import { JsonRpcProvider, type Signer } from 'ethers'
import { YardError } from '../errors.ts'
import type { YardPaths } from '../paths.ts'
import { type Anvil, DEVNET_CHAIN_ID, startAnvil } from './startAnvil.ts'
import { startDrand } from './startDrand.ts'
import { startTicker } from './startTicker.ts'

/** The devnet's blocks and its drand have one clock. */
const DRAND_MARGIN_ROUNDS = 1

/** What draws: the devnet's own block hashes, or a drand on this machine. */
export const beaconNames = ['block', 'drand'] as const
export type BeaconName = (typeof beaconNames)[number]

export type OpenChain = Anvil & {
  deployment: Deployment
  faucet: Signer
  provider: JsonRpcProvider
  isNew: boolean
}

/**
 * Starts the kept chain, or a new one with the contracts deployed on it. anvil's own first account pays.
 * @param beacon what draws on a new chain; a kept one goes on as it began. Undefined: as kept, or block hashes
 * @throws YardError when a kept chain is drawn by the other one
 */
export async function openChain(paths: YardPaths, beacon?: BeaconName): Promise<OpenChain> {
  const isNew = !existsSync(paths.deployment)
  // Without a record of its contracts a chain was left by a start that did not get far: nothing on it is worth keeping.
  if (isNew) for (const file of [paths.chainState, paths.drand]) rmSync(file, { force: true })
  const isDrand = isNew ? beacon === 'drand' : existsSync(paths.drand)
  if (beacon !== undefined && isDrand !== (beacon === 'drand'))
    throw new YardError(
      `The kept chain is drawn by the other beacon. \`npm start -- --fresh --beacon ${beacon}\` begins anew.`,
    )
  const drand = isDrand ? await startDrand(paths.drand, `${paths.logs}/drand.log`) : undefined
  const anvil = await startAnvil(paths.chainState, `${paths.logs}/anvil.log`).catch(
    async (error: unknown) => {
      await drand?.stop()
      throw error
    },
  )
  const stop = async () => {
    await anvil.stop()
    await drand?.stop()
  }
  try {
    const provider = new JsonRpcProvider(anvil.rpcUrl, DEVNET_CHAIN_ID, {
      staticNetwork: true,
      pollingInterval: 100,
      cacheTimeout: -1,
    })
    const faucet = await provider.getSigner(0)
    const found = isNew
      ? await whileBlocksCome(provider, () => deploy(faucet, drand?.network))
      : readDeployment(paths.deployment)
    await checkGenesis(provider, found)
    // Its relay has perhaps another port than at the last start.
    const deployment = drand ? { ...found, drandRelays: [drand.url] } : found
    if (isNew || drand) writeDeployment(paths.deployment, deployment)
    return { ...anvil, stop, deployment, faucet, provider, isNew }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Lets blocks come while `work` waits for its transactions. ethers looks for a receipt again when it sees a new block;
 * on an idle chain none comes after the transaction's own, and a look-up that came too early would be the last.
 */
export async function whileBlocksCome<T>(provider: JsonRpcProvider, work: () => Promise<T>): Promise<T> {
  const ticker = startTicker(
    () => provider.send('evm_mine', []),
    async () => true,
  )
  try {
    return await work()
  } finally {
    ticker.stop()
  }
}

async function deploy(signer: Signer, network: DrandNetwork | undefined): Promise<Deployment> {
  const token = await deployDevToken(signer)
  const beacon = network && { network, marginRounds: DRAND_MARGIN_ROUNDS, drawGrid: 1 }
  return deployRuntime(signer, { parameters: devnetParameters, token, ...(beacon && { beacon }) })
}

function writeDeployment(file: string, deployment: Deployment): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`)
}

function readDeployment(file: string): Deployment {
  const parsed = deploymentSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new YardError(`${file} is not a deployment record any more. \`npm start -- --fresh\` begins anew.`)
}

async function checkGenesis(provider: JsonRpcProvider, deployment: Deployment): Promise<void> {
  const genesis = await provider.getBlock(0)
  if (genesis?.hash === deployment.genesisHash) return
  throw new YardError(
    'The kept chain is not the one the contracts were deployed on. `npm start -- --fresh` begins anew.',
  )
}

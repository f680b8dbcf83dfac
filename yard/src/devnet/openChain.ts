import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deployDevToken } from '@trainyard/contracts/deploy/deployDevToken.ts'
import { deployRuntime } from '@trainyard/contracts/deploy/deployRuntime.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { type Deployment, deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { JsonRpcProvider, type Signer } from 'ethers'
import { YardError } from '../errors.ts'
import type { YardPaths } from '../paths.ts'
import { type Anvil, DEVNET_CHAIN_ID, startAnvil } from './startAnvil.ts'
import { startTicker } from './startTicker.ts'

export type OpenChain = Anvil & {
  deployment: Deployment
  faucet: Signer
  provider: JsonRpcProvider
  isNew: boolean
}

/** Starts the kept chain, or a new one with the contracts deployed on it. anvil's own first account pays. */
export async function openChain(paths: YardPaths): Promise<OpenChain> {
  const isNew = !existsSync(paths.deployment)
  // Without a record of its contracts a chain was left by a start that did not get far: nothing on it is worth keeping.
  if (isNew) rmSync(paths.chainState, { force: true })
  const anvil = await startAnvil(paths.chainState, `${paths.logs}/anvil.log`)
  try {
    const provider = new JsonRpcProvider(anvil.rpcUrl, DEVNET_CHAIN_ID, {
      staticNetwork: true,
      pollingInterval: 100,
      cacheTimeout: -1,
    })
    const faucet = await provider.getSigner(0)
    const deployment = isNew
      ? await whileBlocksCome(provider, () => deploy(faucet, paths.deployment))
      : readDeployment(paths.deployment)
    await checkGenesis(provider, deployment)
    return { ...anvil, deployment, faucet, provider, isNew }
  } catch (error) {
    await anvil.stop()
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

async function deploy(signer: Signer, file: string): Promise<Deployment> {
  const token = await deployDevToken(signer)
  const deployment = await deployRuntime(signer, { parameters: devnetParameters, token })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`)
  return deployment
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

import { setTimeout as sleep } from 'node:timers/promises'
import { Contract, type InterfaceAbi, type Provider, type Signer } from 'ethers'
import { toChainError } from '../bindings/decodeError.ts'
import { ChainUnreachable } from '../bindings/errors.ts'
import { DeploymentError } from './DeploymentError.ts'
import { deployContract } from './deployContract.ts'
import { type Plan, type Step, stepsOf } from './deploymentPlan.ts'

const LAG_POLL_MS = 300
const LAG_TRIES = 50

/**
 * Deploys what of the plan is not there yet; nothing can change afterwards. Safe to run again after an interruption. Returns the block to follow the deployment from.
 * @param onStep told each contract's name and address, and whether it was there already
 * Throws ChainError, ChainUnreachable, or DeploymentError when the account was used for something else meanwhile
 */
export async function runPlan(
  signer: Signer,
  plan: Plan,
  onStep: (step: Step, done: 'deployed' | 'was there') => void = () => {},
): Promise<number> {
  const { provider } = signer
  if (!provider) throw new ChainUnreachable('Deploying needs a signer that is connected to a node.')
  let firstBlock = await provider.getBlockNumber()
  for (const step of stepsOf(plan)) {
    if ((await provider.getCode(step.address)) !== '0x') {
      onStep(step, 'was there')
      continue
    }
    await requireNonce(provider, await signer.getAddress(), step)
    const { blockNumber } = await deployContract(signer, step, step.args, step.nonce)
    firstBlock = Math.min(firstBlock, blockNumber)
    onStep(step, 'deployed')
  }
  await requireComposed(provider, plan)
  return firstBlock
}

async function requireNonce(provider: Provider, deployer: string, step: Step): Promise<void> {
  let nonce = await provider.getTransactionCount(deployer)
  // A node that lags behind, or a provider that remembers, does not know of the last transaction at once.
  for (let tries = 0; nonce < step.nonce && tries < LAG_TRIES; tries += 1) {
    await sleep(LAG_POLL_MS)
    nonce = await provider.getTransactionCount(deployer)
  }
  if (nonce === step.nonce) return
  throw new DeploymentError(
    `${step.name} belongs to transaction ${step.nonce} of ${deployer}, but its next one is ${nonce}.`,
    'The account was used for something else: delete the record of this unfinished deployment and deploy anew.',
  )
}

/** The runtime named its pallets before they were there: each must have come to the address that it named. */
async function requireComposed(provider: Provider, plan: Plan): Promise<void> {
  const runtime = new Contract(plan.runtime.address, plan.runtime.abi as InterfaceAbi, provider)
  let isComposed: boolean
  try {
    isComposed = await runtime.getFunction('isComposed')()
  } catch (error) {
    throw toChainError(error, 'Asking the runtime for its pallets')
  }
  if (isComposed) return
  throw new DeploymentError(
    `The runtime at ${plan.runtime.address} does not find its pallets where it expects them.`,
    'Delete the record of this deployment and deploy anew.',
  )
}

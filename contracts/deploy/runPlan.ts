import { setTimeout as sleep } from 'node:timers/promises'
import { Contract, type InterfaceAbi, type Provider, type Signer, ZeroAddress } from 'ethers'
import { toChainError } from '../bindings/decodeError.ts'
import { ChainUnreachable } from '../bindings/errors.ts'
import { DeploymentError } from './DeploymentError.ts'
import { deployContract } from './deployContract.ts'
import { type Plan, type Step, stepsOf } from './deploymentPlan.ts'

const INCLUSION_TIMEOUT_MS = 120_000
const LAG_POLL_MS = 300
const LAG_TRIES = 50

/**
 * Deploys what of the plan is not there yet and composes the runtime; nothing can change afterwards. Safe to run again
 * after an interruption. Returns the block to follow the deployment from.
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
  await compose(signer, plan)
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

async function compose(signer: Signer, plan: Plan): Promise<void> {
  const runtime = new Contract(plan.runtime.address, plan.runtime.abi as InterfaceAbi, signer)
  const { balances, machines, staking, market, proofs } = plan
  try {
    if ((await runtime.getFunction('balances')()) !== ZeroAddress) return
    const pallets = [balances, machines, staking, market, proofs].map(({ address }) => address)
    const known = await signer.provider!.getTransactionCount(await signer.getAddress())
    const nonce = Math.max(known, proofs.nonce + 1)
    const sent = await runtime.getFunction('compose').send(...pallets, { nonce })
    await sent.wait(1, INCLUSION_TIMEOUT_MS)
  } catch (error) {
    throw toChainError(error, 'Composing the runtime')
  }
}

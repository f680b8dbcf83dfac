import { formatEther, type Provider, parseUnits } from 'ethers'
import { DeploymentError } from './DeploymentError.ts'
import { type Plan, stepsOf } from './deploymentPlan.ts'

const GAS_PER_TRANSACTION = 53_000n
/** 200 to store a byte of code (yellow paper G_codedeposit), 16 to send it, and room for the constructor. */
const GAS_PER_BYTE = 240n
const COMPOSE_GAS = 300_000n

/** Throws DeploymentError, before anything is sent, if the deployer cannot pay for the whole plan at today's gas price. */
export async function requireFunds(provider: Provider, deployer: string, plan: Plan): Promise<void> {
  const gas = stepsOf(plan).reduce((sum, { bytecode }) => {
    return sum + GAS_PER_TRANSACTION + BigInt(bytecode.length / 2) * GAS_PER_BYTE
  }, COMPOSE_GAS)
  const { maxFeePerGas, gasPrice } = await provider.getFeeData()
  const neededWei = gas * (maxFeePerGas ?? gasPrice ?? parseUnits('1', 'gwei'))
  const heldWei = await provider.getBalance(deployer)
  if (heldWei >= neededWei) return
  throw new DeploymentError(
    `Deploying takes up to ${formatEther(neededWei)} of the chain's coin for gas; ${deployer} has ${formatEther(heldWei)}. Nothing was sent.`,
    'Send it the difference, or wait for a lower gas price.',
  )
}

import { Contract, type InterfaceAbi, type Signer } from 'ethers'
import { toChainError } from '../bindings/decodeError.ts'
import { type Deployment, deploymentSchema } from '../bindings/deployment.ts'
import { ChainUnreachable } from '../bindings/errors.ts'
import { balancesAbi, balancesBytecode } from '../bindings/generated/Balances.ts'
import { machinesAbi, machinesBytecode } from '../bindings/generated/Machines.ts'
import { marketAbi, marketBytecode } from '../bindings/generated/Market.ts'
import { proofsAbi, proofsBytecode } from '../bindings/generated/Proofs.ts'
import { runtimeAbi, runtimeBytecode } from '../bindings/generated/Runtime.ts'
import { stakingAbi, stakingBytecode } from '../bindings/generated/Staking.ts'
import type { ParameterFacts } from '../bindings/readParameters.ts'
import { deployContract } from './deployContract.ts'

const INCLUSION_TIMEOUT_MS = 120_000

const runtimeCode = { name: 'Runtime', abi: runtimeAbi, bytecode: runtimeBytecode }
const balancesCode = { name: 'Balances', abi: balancesAbi, bytecode: balancesBytecode }
const machinesCode = { name: 'Machines', abi: machinesAbi, bytecode: machinesBytecode }
const stakingCode = { name: 'Staking', abi: stakingAbi, bytecode: stakingBytecode }
const marketCode = { name: 'Market', abi: marketAbi, bytecode: marketBytecode }
const proofsCode = { name: 'Proofs', abi: proofsAbi, bytecode: proofsBytecode }

type Pallets = Pick<Deployment, 'balances' | 'machines' | 'staking' | 'market' | 'proofs'>

async function deployPallets(signer: Signer, runtime: string, token: string): Promise<Pallets> {
  const balances = await deployContract(signer, balancesCode, [runtime, token])
  const machines = await deployContract(signer, machinesCode, [runtime])
  const staking = await deployContract(signer, stakingCode, [runtime])
  const market = await deployContract(signer, marketCode, [runtime])
  const proofs = await deployContract(signer, proofsCode, [runtime])
  return {
    balances: balances.address,
    machines: machines.address,
    staking: staking.address,
    market: market.address,
    proofs: proofs.address,
  }
}

async function compose(signer: Signer, runtime: string, pallets: Pallets): Promise<void> {
  const contract = new Contract(runtime, runtimeAbi as InterfaceAbi, signer)
  const { balances, machines, staking, market, proofs } = pallets
  try {
    const sent = await contract.getFunction('compose').send(balances, machines, staking, market, proofs)
    await sent.wait(1, INCLUSION_TIMEOUT_MS)
  } catch (error) {
    throw toChainError(error, 'Composing the runtime')
  }
}

/**
 * Deploys all pallets for a token and composes them; nothing can change afterwards. The signer keeps no rights.
 * Throws ChainError (such as RuntimeBadParameter) or ChainUnreachable; a part may then be deployed, of no use or harm.
 */
export async function deployRuntime(
  signer: Signer,
  options: { parameters: ParameterFacts; token: string },
): Promise<Deployment> {
  const { parameters, token } = options
  const { provider } = signer
  if (!provider) throw new ChainUnreachable('Deploying needs a signer that is connected to a node.')
  const { address: runtime, blockNumber } = await deployContract(signer, runtimeCode, [parameters])
  const pallets = await deployPallets(signer, runtime, token)
  await compose(signer, runtime, pallets)
  const [network, genesis] = await Promise.all([provider.getNetwork(), provider.getBlock(0)])
  return deploymentSchema.parse({
    chainId: Number(network.chainId),
    genesisHash: genesis?.hash,
    token,
    runtime,
    ...pallets,
    deployedBlock: blockNumber,
  })
}

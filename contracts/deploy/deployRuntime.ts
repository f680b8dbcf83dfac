import type { Signer } from 'ethers'
import type { ChainKind } from '../bindings/chainKinds.ts'
import { type Deployment, deploymentSchema } from '../bindings/deployment.ts'
import type { DrandParameters } from '../bindings/drandNetwork.ts'
import { ChainUnreachable } from '../bindings/errors.ts'
import type { ParameterFacts } from '../bindings/readParameters.ts'
import { deploymentPlan, type Plan } from './deploymentPlan.ts'
import { runPlan } from './runPlan.ts'
import { devnetScoreParameters, type ScoreParameters } from './scoreParameters.ts'

/**
 * Deploys the runtime and all pallets for a token, beginning with the signer's next transaction; which pallets there are
 * cannot change afterwards. The signer is governor and guardian (IRuntime) until it hands these roles over or renounces them.
 * Scores are the devnet's unless given. Throws ChainError (such as RuntimeBadParameter) or ChainUnreachable; a part may then be deployed, of no use or harm.
 */
export async function deployRuntime(
  signer: Signer,
  options: {
    parameters: ParameterFacts
    token: string
    scores?: ScoreParameters
    chain?: ChainKind
    /** drand, to draw by; otherwise hashes of blocks */
    beacon?: DrandParameters
  },
): Promise<Deployment> {
  if (!signer.provider) throw new ChainUnreachable('Deploying needs a signer that is connected to a node.')
  const deployer = await signer.getAddress()
  const firstNonce = await signer.provider.getTransactionCount(deployer)
  const { token, chain = 'evm' } = options
  const plan = deploymentPlan({ scores: devnetScoreParameters, ...options, deployer, firstNonce })
  return deploymentOf(signer, plan, { token, chain, deployedBlock: await runPlan(signer, plan) })
}

/** The record of a deployed plan, for everybody who uses it. */
export async function deploymentOf(
  signer: Signer,
  plan: Plan,
  { token, chain, deployedBlock }: { token: string; chain: ChainKind; deployedBlock: number },
): Promise<Deployment> {
  const [network, genesis] = await Promise.all([signer.provider!.getNetwork(), signer.provider!.getBlock(0)])
  const addresses = Object.entries(plan).map(([name, { address }]) => [name, address])
  return deploymentSchema.parse({
    ...(chain === 'evm' ? {} : { chain }),
    chainId: Number(network.chainId),
    genesisHash: genesis?.hash,
    token,
    ...Object.fromEntries(addresses),
    deployedBlock,
  })
}

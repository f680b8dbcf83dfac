import type { Signer } from 'ethers'
import type { ChainKind } from '../bindings/chainKinds.ts'
import type { Deployment } from '../bindings/deployment.ts'
import { readParameters } from '../bindings/readParameters.ts'
import { readToken } from '../bindings/token.ts'
import { DeploymentError } from './DeploymentError.ts'
import { deploymentPlan } from './deploymentPlan.ts'
import { readRecord, recordFile, writeRecord } from './deployRecord.ts'
import { deploymentOf } from './deployRuntime.ts'
import type { ParameterSet } from './parameterSet.ts'
import { requireFunds } from './requireFunds.ts'
import { runPlan } from './runPlan.ts'

/**
 * Deploys a runtime on a chain once and records it in `folder`/<chainId>.json; run again, it takes an interrupted
 * deployment up, or finds the finished one.
 * Throws DeploymentError (wrong chain, no token, no funds), ChainError or ChainUnreachable
 */
export async function deployOnce(options: {
  signer: Signer
  chain?: ChainKind
  chainId: number
  token: string
  parameters: ParameterSet
  folder: string
  say: (line: string) => void
}): Promise<Deployment> {
  const { signer, chain = 'evm', chainId, token, parameters, folder, say } = options
  const provider = signer.provider!
  const actual = Number((await provider.getNetwork()).chainId)
  if (actual !== chainId) {
    throw new DeploymentError(
      `The node serves chain ${actual}, not ${chainId}. Nothing was sent.`,
      'Check --rpc and --chain-id.',
    )
  }
  if ((await provider.getCode(token)) === '0x') {
    throw new DeploymentError(
      `There is no contract at ${token} on chain ${chainId}. Nothing was sent.`,
      'Check --token.',
    )
  }
  const file = recordFile(folder, chainId)
  const deployer = await signer.getAddress()
  const known = readRecord(file)
  if (
    known &&
    (known.token !== token || known.parameters !== parameters.name || known.deployer !== deployer)
  ) {
    throw new DeploymentError(
      `${file} records a deployment with another token, account or parameters.`,
      'Move it away to deploy a new runtime; the old one stays as it is.',
    )
  }
  const firstNonce = known?.firstNonce ?? (await provider.getTransactionCount(deployer))
  const plan = deploymentPlan({
    ...{ deployer, firstNonce, token },
    parameters: parameters.values,
    scores: parameters.scores,
    ...(parameters.beacon && { beacon: parameters.beacon }),
  })
  const begun = { chainId, deployer, firstNonce, token, parameters: parameters.name }
  if (!known?.deployment) await requireFunds(provider, deployer, plan)
  writeRecord(file, known ?? { ...begun, deployment: null })
  const firstBlock = await runPlan(signer, plan, ({ name, address }, done) =>
    say(`${name.padEnd(9)} ${address} ${done}`),
  )
  const deployment =
    known?.deployment ?? (await deploymentOf(signer, plan, { token, chain, deployedBlock: firstBlock }))
  await check(signer, deployment)
  writeRecord(file, { ...begun, deployment })
  return deployment
}

/** What was deployed answers as it should. */
async function check(signer: Signer, deployment: Deployment): Promise<void> {
  const context = { deployment, runner: signer }
  await readParameters(context)
  await readToken(context, await signer.getAddress())
}

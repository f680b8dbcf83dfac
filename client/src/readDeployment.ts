import { readFile } from 'node:fs/promises'
import type { ChainKind } from '@trainyard/contracts/chainKinds.ts'
import { type Deployment, deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { ConfigInvalid } from './errors.ts'

/**
 * Reads a deployment record. Throws ConfigInvalid, which names the field that is wrong.
 * @param chain the kind of chain that somebody counts on, if he said so
 */
export async function readDeployment(path: string, chain?: ChainKind): Promise<Deployment> {
  let untrusted: unknown
  try {
    untrusted = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new ConfigInvalid(`The deployment ${path} cannot be read.`, 'Give the JSON file of the chain.', {
      cause,
    })
  }
  const result = deploymentSchema.safeParse(untrusted)
  if (result.success) {
    requireKind(path, result.data.chain ?? 'evm', chain)
    return result.data
  }
  const issue = result.error.issues[0]
  throw new ConfigInvalid(
    `${path}: "${issue?.path.join('.') || 'file'}" is wrong: ${issue?.message}.`,
    'Give the JSON file that the deployment wrote.',
  )
}

function requireKind(path: string, found: ChainKind, wanted: ChainKind | undefined): void {
  if (wanted === undefined || wanted === found) return
  throw new ConfigInvalid(
    `${path} is a deployment for ${found}, and --chain or "chain" says ${wanted}.`,
    'Give the deployment of the chain that you mean.',
  )
}

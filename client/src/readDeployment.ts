import { readFile } from 'node:fs/promises'
import { type Deployment, deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { ConfigInvalid } from './errors.ts'

/** Reads a deployment record. Throws ConfigInvalid, which names the field that is wrong. */
export async function readDeployment(path: string): Promise<Deployment> {
  let untrusted: unknown
  try {
    untrusted = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new ConfigInvalid(`The deployment ${path} cannot be read.`, 'Give the JSON file of the chain.', {
      cause,
    })
  }
  const result = deploymentSchema.safeParse(untrusted)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new ConfigInvalid(
    `${path}: "${issue?.path.join('.') || 'file'}" is wrong: ${issue?.message}.`,
    'Give the JSON file that the deployment wrote.',
  )
}

import { readFile } from 'node:fs/promises'
import { type Deployment, deploymentSchema } from '@trainyard/contracts/deployment.ts'

/** The deployment file, or undefined while it is absent, half written or not one: it is read again later. */
export const readDeployment = async (path: string): Promise<Deployment | undefined> => {
  try {
    const parsed = deploymentSchema.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined // the devnet writes it after it has deployed; until then there is nothing to follow
  }
}

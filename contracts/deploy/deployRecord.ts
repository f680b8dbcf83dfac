import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { deploymentSchema } from '../bindings/deployment.ts'
import { DeploymentError } from './DeploymentError.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)

/** What is known of a chain's deployment: how it was begun, and the finished record once it is complete. */
const recordSchema = z.strictObject({
  chainId: z.int().positive(),
  deployer: address,
  firstNonce: z.int().nonnegative(),
  token: address,
  parameters: z.string(),
  deployment: deploymentSchema.nullable(),
})

export type DeployRecord = z.infer<typeof recordSchema>

export function recordFile(folder: string, chainId: number): string {
  return join(folder, `${chainId}.json`)
}

/** The record of a chain, if a deployment was begun there. Throws DeploymentError if the file is broken. */
export function readRecord(file: string): DeployRecord | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    return recordSchema.parse(JSON.parse(text))
  } catch {
    throw new DeploymentError(
      `${file} is not a deployment record.`,
      'Repair or delete it, then deploy again.',
    )
  }
}

/** Written before the first transaction, so that an interrupted deployment is taken up and not begun twice. */
export function writeRecord(file: string, record: DeployRecord): void {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(`${file}.tmp`, `${JSON.stringify(record, null, 2)}\n`)
  renameSync(`${file}.tmp`, file)
}

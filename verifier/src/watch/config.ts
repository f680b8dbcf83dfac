import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import { type ChainKind, chainKinds } from '@trainyard/contracts/chainKinds.ts'
import { type Deployment, deploymentSchema } from '@trainyard/contracts/deployment.ts'
import { z } from 'zod'
import { VerifierError } from '../errors.ts'

const url = z.url({ protocol: /^https?$/ })
const nodeUrl = z.url({ protocol: /^(http|ws)s?$/ })

const configSchema = z.strictObject({
  rpc: nodeUrl,
  /** what the deployment's record says; another one is refused */
  chain: z.enum(chainKinds).optional(),
  /** path of the deployment file */
  deployment: z.string().min(1),
  keystore: z.string().min(1),
  passwordFile: z.string().min(1),
  hardwareClass: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  /** program and arguments that run a job's image (verifier/src/image/runImage.ts); needed outside canonical */
  replayer: z
    .tuple([z.string().min(1)])
    .rest(z.string())
    .optional(),
  /** where jobs, data and evidence are read and reports are put */
  store: url,
  /** where drand's rounds are asked for, on a chain that they draw on; default: the public relays of evmnet */
  drandRelays: z.array(url).max(8).optional(),
  dataDir: z.string().min(1),
  /** bonded at start if the account has no seat yet; default: the seat's stake */
  bondWei: z
    .string()
    .regex(/^\d{1,78}$/)
    .optional(),
})

export type WatchConfig = Omit<z.infer<typeof configSchema>, 'deployment' | 'bondWei'> & {
  deployment: Deployment
  bondWei: bigint | undefined
}

/** The auditor's configuration or deployment file is no good. No money moved. */
export class ConfigInvalid extends VerifierError {
  override name = 'ConfigInvalid'
  constructor(file: string, reason: string) {
    super(`${file}: ${reason}.`, 'Correct the file and start again.')
  }
}

async function parseFile<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (error instanceof z.ZodError) throw new ConfigInvalid(file, error.issues.map(issueText).join('; '))
    throw new ConfigInvalid(file, readProblem(error))
  }
}

function readProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && error.code === 'ENOENT'
    ? 'there is no such file'
    : error.message.replaceAll('\n', ' ')
}

function issueText(issue: z.core.$ZodIssue): string {
  const key = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') return `no such key: ${issue.keys.join(', ')}`
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return `${key} is missing`
  return `${key === '' ? 'the file' : key} is wrong: ${issue.message}`
}

/** Reads the auditor's configuration; paths in it are relative to it. Throws ConfigInvalid. */
export async function readConfig(file: string, chain?: ChainKind): Promise<WatchConfig> {
  const raw = await parseFile(file, configSchema)
  const deployment = await parseFile(resolve(dirname(file), raw.deployment), deploymentSchema)
  const kind = deployment.chain ?? 'evm'
  const wanted = chain ?? raw.chain ?? kind
  if (wanted !== kind) throw new ConfigInvalid(file, `the deployment is for ${kind}, not for ${wanted}`)
  const at = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path))
  return {
    ...raw,
    keystore: at(raw.keystore),
    passwordFile: at(raw.passwordFile),
    dataDir: at(raw.dataDir),
    deployment,
    bondWei: raw.bondWei === undefined ? undefined : BigInt(raw.bondWei),
  }
}

import { readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Config } from '../../config/config.ts'
import { machinesOf } from '../../config/machinesOf.ts'
import { ClientError } from '../../errors.ts'
import { readMachineFacts } from '../../facts/readMachineFacts.ts'
import type { Diagnosis } from '../checks/runDoctor.ts'
import { redact } from './redact.ts'

const MIN_SECRET_CHARS = 4

/**
 * Writes what somebody who helps needs, as one JSON file for this user only: the checks, versions, the machine,
 * and the configuration. No keystore, no password, no keys in addresses. Never overwrites a file.
 */
export async function writeBundle(path: string, configFile: string, diagnosis: Diagnosis): Promise<void> {
  const { checks, config, deployment } = diagnosis
  const machine = config
    ? await readMachineFacts({ dataDir: config.dataDir, searchPath: diagnosis.searchPath }).catch(String)
    : null
  const bundle = {
    version: 1,
    writtenAt: new Date().toISOString(),
    trainyard: packageJson.version,
    node: process.versions.node,
    checks,
    configFile,
    config: config ? shown(config) : null,
    deployment: deployment ?? null,
    machine,
  }
  const known = {
    secrets: config ? await secretsOf(config) : [],
    publicHashes: [
      ...(deployment ? [deployment.genesisHash] : []),
      ...(config ? machinesOf(config).flatMap(({ images }) => images) : []).map((image) => image.slice(7)),
    ],
    home: homedir(),
  }
  const clean = (part: unknown) => (typeof part === 'string' ? redact(part, known) : part)
  const text = JSON.stringify(bundle, (_, part) => (typeof part === 'bigint' ? String(part) : clean(part)), 2)
  try {
    await writeFile(path, `${text}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new ClientError(`The bundle ${path} cannot be written.`, 'Name a file that does not exist yet.', {
      cause,
    })
  }
}

/** A price script's arguments may be anything. */
function shown(config: Config) {
  const { priceScript, ...rest } = config
  if (!priceScript) return rest
  const [program, ...args] = priceScript.command
  return { ...rest, priceScript: { ...priceScript, command: [program, ...args.map(() => '[redacted]')] } }
}

/** The password, and what is encrypted in the keystore, should either have got into a message. */
async function secretsOf({ passwordFile, keystore }: Config): Promise<string[]> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => '')
  const password = (await read(passwordFile)).split(/\r?\n/).map((line) => line.trim())
  const encoded = /"encoded"\s*:\s*"([^"]+)"/.exec(await read(keystore))?.[1] ?? ''
  return [...password, encoded].filter((secret) => secret.length >= MIN_SECRET_CHARS)
}

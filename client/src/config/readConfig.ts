import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import type { z } from 'zod'
import { ConfigInvalid } from '../errors.ts'
import { type Config, configSchema } from './config.ts'

const MAX_CONFIG_BYTES = 65_536

/** Reads and checks a seller's TOML file. Throws ConfigInvalid, which names the key that is wrong. */
export async function readConfig(path: string): Promise<Config> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConfigInvalid(
      `The configuration ${path} cannot be read.`,
      'Run "trainyard init" to make one.',
      {
        cause,
      },
    )
  }
  const config = parseConfig(text, path)
  const from = (file: string) => resolve(dirname(path), file)
  return Object.freeze({
    ...config,
    deployment: from(config.deployment),
    keystore: from(config.keystore),
    passwordFile: from(config.passwordFile),
    dataDir: from(config.dataDir),
  })
}

/** Checks the text of a configuration. */
export function parseConfig(text: string, path: string): Config {
  if (text.length > MAX_CONFIG_BYTES) {
    throw new ConfigInvalid(`${path} is larger than ${MAX_CONFIG_BYTES} bytes.`, 'Give a configuration file.')
  }
  let untrustedConfig: unknown
  try {
    untrustedConfig = parse(text, { integersAsBigInt: 'asNeeded' })
  } catch (cause) {
    const where = cause instanceof TomlError ? ` in line ${cause.line}` : ''
    throw new ConfigInvalid(`${path} is not TOML${where}.`, 'Correct the line.', { cause })
  }
  const result = configSchema.safeParse(untrustedConfig)
  if (!result.success) throw configInvalid(path, result.error)
  return result.data
}

function configInvalid(path: string, error: z.ZodError): ConfigInvalid {
  const issue = error.issues[0]
  const key =
    issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue?.path.map(String).join('.') || 'file'
  const what = issue?.code === 'unrecognized_keys' ? 'is not a known key' : `is wrong: ${issue?.message}`
  return new ConfigInvalid(`${path}: "${key}" ${what}.`, 'Correct that key.')
}

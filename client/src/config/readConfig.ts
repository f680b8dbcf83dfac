import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { ConfigInvalid } from '../errors.ts'
import { type Config, configSchema, pathKeys } from './config.ts'
import { describeIssues } from './describeIssues.ts'
import { type Environment, readEnvironment } from './environment.ts'

const MAX_CONFIG_BYTES = 65_536

/**
 * Reads and checks a seller's TOML file; the environment's TRAINYARD_ variables override its keys. Throws
 * ConfigInvalid, which names every key that is wrong, its line, and what is allowed.
 */
export async function readConfig(path: string, env: Environment = {}): Promise<Config> {
  const config = parseConfig(await readText(path), path, env)
  const from = (file: string) => resolve(dirname(path), file)
  const paths = Object.fromEntries(pathKeys.map((key) => [key, from(config[key])]))
  return Object.freeze({ ...config, ...paths })
}

/** Checks the text of a configuration. */
export function parseConfig(text: string, path: string, env: Environment = {}): Config {
  if (text.length > MAX_CONFIG_BYTES) {
    throw new ConfigInvalid(`${path} is larger than ${MAX_CONFIG_BYTES} bytes.`, 'Give a configuration file.')
  }
  const overrides = readEnvironment(env)
  const untrusted = { ...parseToml(text, path), ...Object.fromEntries(overrides) }
  const result = configSchema.safeParse(untrusted)
  if (!result.success) throw describeIssues(result.error, { text, path, overrides })
  return result.data
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const what = `The configuration ${path} cannot be read.`
    throw new ConfigInvalid(what, 'Run "trainyard init" to make one, or name it with --config.', { cause })
  }
}

function parseToml(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' })
  } catch (cause) {
    const where = cause instanceof TomlError ? ` in line ${cause.line}` : ''
    const why = cause instanceof TomlError ? `: ${firstLine(cause.message)}` : ''
    throw new ConfigInvalid(`${path} is not TOML${where}${why}.`, 'Correct the line.', { cause })
  }
}

function firstLine(message: string): string {
  return message.replace(/^Invalid TOML document: /, '').split('\n')[0]!
}

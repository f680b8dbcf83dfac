import { resolve } from 'node:path'
import { ConfigInvalid } from '../errors.ts'
import { type ConfigKey, configKeys, pathKeys } from './config.ts'
import { nearestOf } from './nearestOf.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const PREFIX = 'TRAINYARD_'
/** Read elsewhere: the configuration's own path, and what the tests require. */
const OTHER_NAMES = ['TRAINYARD_CONFIG', 'TRAINYARD_REQUIRE']
const SECRETS = /^TRAINYARD_(.*_)?(PASSWORD|PASSPHRASE|PRIVATE_?KEY|SECRET|SECRET_?KEY|MNEMONIC|SEED)$/
const wholeNumbers: readonly ConfigKey[] = ['maxSeconds', 'heartbeatSeconds', 'checkpointMegabytes']
const structures: readonly ConfigKey[] = [
  ...(['priceSchedule', 'priceScript', 'rpcFallbacks', 'drandRelays'] as const),
  ...(['images', 'vouchedImages', 'proofModes', 'imageSources', 'gpus', 'machines'] as const),
]

/** The variable that overrides a key: pricePerHourWei is TRAINYARD_PRICE_PER_HOUR_WEI. */
export function variableOf(key: ConfigKey): string {
  return PREFIX + key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

/**
 * What the environment sets, by key and not checked yet. Lists and tables are JSON, paths are relative to the
 * current folder. Throws ConfigInvalid for a variable that is misspelt, or that looks like a secret: those
 * are in files only.
 */
export function readEnvironment(env: Environment): Map<ConfigKey, unknown> {
  refuseStrangers(env)
  const found = new Map<ConfigKey, unknown>()
  for (const key of configKeys) {
    const text = env[variableOf(key)]
    if (text !== undefined && text !== '') found.set(key, parsedAs(key, text))
  }
  return found
}

function parsedAs(key: ConfigKey, text: string): unknown {
  if (pathKeys.some((name) => name === key)) return resolve(text)
  if (wholeNumbers.includes(key)) return /^\d{1,15}$/.test(text) ? Number(text) : text
  const isList = key === 'egress' && text.startsWith('[') // or one word
  if (!isList && !structures.includes(key)) return text
  try {
    return JSON.parse(text)
  } catch (cause) {
    const what = `${variableOf(key)} is not JSON.`
    throw new ConfigInvalid(what, `Write the value of ${key} as JSON there, or unset it.`, { cause })
  }
}

function refuseStrangers(env: Environment): void {
  const known = [...configKeys.map(variableOf), ...OTHER_NAMES]
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || known.includes(name)) continue
    if (SECRETS.test(name)) {
      throw new ConfigInvalid(
        `${name} is set: secrets are not taken from the environment, which other programs can read.`,
        'Unset it, and name the files with TRAINYARD_KEYSTORE and TRAINYARD_PASSWORD_FILE.',
      )
    }
    const meant = nearestOf(
      name.slice(PREFIX.length),
      known.map((other) => other.slice(PREFIX.length)),
    )
    if (meant === undefined) continue
    throw new ConfigInvalid(
      `${name} is not a setting.`,
      `Did you mean ${PREFIX}${meant}? Rename or unset it.`,
    )
  }
}

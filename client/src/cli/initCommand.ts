import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseUnits } from 'ethers'
import { stringify } from 'smol-toml'
import { parseConfig } from '../config/readConfig.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'
import { ClientError } from '../errors.ts'
import { readDeployment } from '../readDeployment.ts'
import { configDir, usualDataDir } from './configFile.ts'
import { DEVNET } from './devnet.ts'
import type { AnswerKey, InitAnswers } from './init/answers.ts'
import { editToml } from './init/editToml.ts'
import { ensureAccount } from './init/ensureAccount.ts'
import { type PresentSettings, presentSettings } from './init/presentSettings.ts'
import { tokenUnits } from './init/tokenUnits.ts'
import type { Rim } from './rim.ts'
import type { InitOptions } from './verbs/init.ts'

const defaults: InitAnswers = {
  rpc: DEVNET.rpc,
  deployment: DEVNET.deployment,
  store: DEVNET.store,
  listen: '127.0.0.1:8585',
  publicEndpoint: '',
  driver: 'docker',
  pricePerHourWei: '1000000000000000000',
  maxSeconds: 86_400,
  bondWei: '100000000000000000000',
}

/**
 * Writes a seller's configuration and account, or changes what is there: only what was given or answered, and
 * never an account. Throws ClientError before anything is written if an answer is wrong.
 */
export async function initCommand(options: InitOptions, rim: Rim): Promise<void> {
  const file = join(resolve(options.dir), 'config.toml')
  const present = await presentSettings(file)
  const offered = { ...defaults, ...pick(present?.values ?? {}), ...(await givenAnswers(options, present)) }
  const wanted = options.yes || !rim.isInteractive ? offered : await askPerson(offered, present === undefined)
  if (!options.yes && !rim.isInteractive) requireYes()
  const answers = { ...wanted, deployment: resolve(wanted.deployment) }
  await readDeployment(answers.deployment)

  const files = filesOf(options, present, dirname(file))
  const changes = changesOf(answers, files, present)
  const text = present
    ? editToml(present.text, changes)
    : stringify({ ...changes, hardwareClass: 'canonical' })
  parseConfig(text, file) // a wrong answer is named before anything is written
  await mkdir(dirname(file), { recursive: true, mode: 0o755 })
  const { account, isNew } = await ensureAccount(files)
  const changed = Object.keys(changes)
  if (changed.length > 0) await writeFileAtomic(file, text)
  rim
    .say(options)
    .answer(
      { config: file, account, created: present === undefined, newAccount: isNew, changed },
      tell({ file, account, isNew, isFirst: present === undefined, changed }),
    )
}

async function askPerson(offered: InitAnswers, isNew: boolean): Promise<InitAnswers> {
  const { askSeller } = await import('./init/askSeller.ts')
  return askSeller(offered, isNew)
}

function requireYes(): never {
  throw new ClientError(
    'Nobody is here to answer.',
    'Give --yes to take what is given and what stands there now.',
  )
}

/** What was given as options; amounts in tokens need the chain, to know what a token is. */
async function givenAnswers(
  options: InitOptions,
  present: PresentSettings | undefined,
): Promise<Partial<InitAnswers>> {
  const { rpc, deployment, store, listen, publicEndpoint, driver, maxSeconds, priceWei, bondWei } = options
  const given = {
    rpc,
    deployment,
    store,
    listen,
    publicEndpoint,
    driver,
    maxSeconds,
    pricePerHourWei: priceWei,
    bondWei,
  }
  const answers = pick(given)
  if (options.price === undefined && options.bond === undefined) return answers
  const known = { ...defaults, ...pick(present?.values ?? {}), ...answers }
  const units = await tokenUnits(known.rpc, known.deployment)
  if (!units) {
    throw new ClientError(
      'The chain does not say what a token is, so amounts of it cannot be taken.',
      'Start the node, or give --price-wei and --bond-wei.',
    )
  }
  if (options.price !== undefined) answers.pricePerHourWei = weiOf(options.price, units.decimals)
  if (options.bond !== undefined) answers.bondWei = weiOf(options.bond, units.decimals)
  return answers
}

function weiOf(tokens: string, decimals: number): string {
  try {
    return String(parseUnits(tokens, decimals))
  } catch {
    throw new ClientError(`"${tokens}" is no amount.`, 'Give one such as 36.5.')
  }
}

function pick(values: Readonly<Record<string, unknown>>): Partial<InitAnswers> {
  const keys = Object.keys(defaults) as AnswerKey[]
  const found = keys.filter((key) => values[key] !== undefined)
  const value = (key: AnswerKey) => (key === 'maxSeconds' ? Number(values[key]) : String(values[key]))
  return Object.fromEntries(found.map((key) => [key, value(key)]))
}

type Files = { keystore: string; passwordFile: string; dataDir: string }

function filesOf(options: InitOptions, present: PresentSettings | undefined, dir: string): Files {
  const at = (given: string | undefined, key: string, usual: string) =>
    given === undefined ? String(present?.values[key] ?? join(dir, usual)) : resolve(given)
  return {
    keystore: at(options.keystore, 'keystore', 'keystore.json'),
    passwordFile: at(options.passwordFile, 'passwordFile', 'password'),
    dataDir: String(present?.values.dataDir ?? (dir === configDir ? usualDataDir : join(dir, 'data'))),
  }
}

/** What differs from the file, and is not simply absent there and empty here. */
function changesOf(answers: InitAnswers, files: Files, present: PresentSettings | undefined) {
  const all: Record<string, string | number> = { ...answers, ...files }
  const isChanged = ([key, value]: [string, string | number]) =>
    String(present?.values[key] ?? '') !== String(value)
  return Object.fromEntries(Object.entries(all).filter(isChanged))
}

function tell(done: {
  file: string
  account: string
  isNew: boolean
  isFirst: boolean
  changed: string[]
}): string {
  const { file, account, isNew, isFirst, changed } = done
  if (isFirst) {
    const who = isNew ? `a new account, ${account}` : `the account ${account}`
    return `Wrote ${file} with ${who}. Send it tokens for the bond, and coin for gas; then: trainyard doctor`
  }
  if (changed.length === 0) return `Nothing changed in ${file}.`
  return `Changed ${changed.join(', ')} in ${file}. A running daemon takes them up when it is started again.`
}

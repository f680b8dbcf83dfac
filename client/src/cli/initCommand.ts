import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { stringify } from 'smol-toml'
import { parseConfig } from '../config/readConfig.ts'
import { writeFileAtomic } from '../engine/writeFileAtomic.ts'
import { ClientError } from '../errors.ts'
import { readDeployment } from '../readDeployment.ts'
import { configDir, usualDataDir } from './configFile.ts'
import type { InitAnswers } from './init/answers.ts'
import { editToml } from './init/editToml.ts'
import { ensureAccount } from './init/ensureAccount.ts'
import { offeredAnswers } from './init/offeredAnswers.ts'
import { type PresentSettings, presentSettings } from './init/presentSettings.ts'
import type { Rim } from './rim.ts'
import type { InitOptions } from './verbs/init.ts'

/**
 * Writes a seller's configuration and account, or changes what is there: only what was given or answered, and
 * never an account. Throws ClientError before anything is written if an answer is wrong.
 */
export async function initCommand(options: InitOptions, rim: Rim): Promise<void> {
  const dir = resolve(options.dir)
  const file = join(dir, 'config.toml')
  const present = await presentSettings(file)
  const wanted = await answersOf(options, rim, present, dir)
  const answers = { ...wanted, deployment: resolve(wanted.deployment) }
  await readDeployment(answers.deployment)

  const changes = changesOf({ ...answers, dataDir: dataDirOf(present, dir) }, present)
  const text = present
    ? editToml(present.text, changes)
    : stringify({ ...changes, hardwareClass: 'canonical' })
  parseConfig(text, file) // a wrong answer is named before anything is written
  await mkdir(dirname(file), { recursive: true, mode: 0o755 })
  const { account, isNew } = await ensureAccount(answers)
  const changed = Object.keys(changes)
  if (changed.length > 0) await writeFileAtomic(file, text)
  rim
    .say(options)
    .answer(
      { config: file, account, created: present === undefined, newAccount: isNew, changed },
      tell({ file, account, isNew, isFirst: present === undefined, changed }),
    )
}

async function answersOf(
  options: InitOptions,
  rim: Rim,
  present: PresentSettings | undefined,
  dir: string,
): Promise<InitAnswers> {
  if (!options.yes && !rim.isInteractive) {
    throw new ClientError(
      'Nobody is here to answer.',
      'Give --yes to take what is given and what stands there now.',
    )
  }
  const offered = await offeredAnswers(options, present, dir)
  if (options.yes) return offered
  const { askSeller } = await import('./init/askSeller.ts')
  return askSeller(offered, present === undefined)
}

function dataDirOf(present: PresentSettings | undefined, dir: string): string {
  return String(present?.values.dataDir ?? (dir === configDir ? usualDataDir : join(dir, 'data')))
}

/** What differs from the file; null takes a key out. */
function changesOf(
  wanted: Readonly<Record<string, string | number>>,
  present: PresentSettings | undefined,
): Record<string, string | number | null> {
  const isChanged = ([key, value]: [string, string | number]) =>
    String(present?.values[key] ?? '') !== String(value)
  const changed = Object.entries(wanted).filter(isChanged)
  return Object.fromEntries(changed.map(([key, value]) => [key, value === '' ? null : value]))
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

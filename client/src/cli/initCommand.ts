import { randomBytes } from 'node:crypto'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createKeystore } from '@trainyard/contracts/accounts/createKeystore.ts'
import { stringify } from 'smol-toml'
import { parseConfig } from '../config/readConfig.ts'
import { ClientError } from '../errors.ts'
import { readDeployment } from '../readDeployment.ts'

export type InitAnswers = {
  /** Directory that gets config.toml, keystore.json, password and data/. */
  dir: string
  rpc: string
  deployment: string
  store: string
  listen: string
  driver: 'docker' | 'process'
  pricePerHourWei: string
  maxSeconds: number
  bondWei: string
}

/**
 * Writes a seller's configuration and a new encrypted account, whose random password goes into a file that
 * only this user can read. Never overwrites anything. Throws ClientError before anything is written if a file is
 * there already or an answer is wrong.
 */
export async function initSeller(answers: InitAnswers): Promise<{ config: string; account: string }> {
  const { dir: given, deployment: givenDeployment, ...settings } = answers
  const dir = resolve(given)
  const deployment = resolve(givenDeployment) // the configuration's own paths are relative to its folder
  const config = join(dir, 'config.toml')
  const files = { keystore: join(dir, 'keystore.json'), passwordFile: join(dir, 'password') }
  for (const path of [config, files.keystore, files.passwordFile]) await requireNew(path)
  await readDeployment(deployment)
  const text = stringify({
    ...settings,
    deployment,
    keystore: 'keystore.json',
    passwordFile: 'password',
    dataDir: 'data',
    hardwareClass: 'canonical',
  })
  parseConfig(text, config) // a wrong answer is named before anything is written
  await mkdir(dir, { recursive: true, mode: 0o755 })
  const password = `${randomBytes(24).toString('base64url')}\n`
  await writeFile(files.passwordFile, password, { mode: 0o600, flag: 'wx' })
  const { keystore: file, passwordFile } = files
  const account = await createKeystore({ file, passwordFile, name: 'seller' })
  await writeFile(config, text, { mode: 0o644, flag: 'wx' })
  return { config, account }
}

async function requireNew(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new ClientError(`${path} exists already.`, 'Choose another directory with --dir.')
}

import { stat } from 'node:fs/promises'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import type { Config } from '../../config/config.ts'
import { type Check, check } from './check.ts'

/** Whether keystore and password open, and are for nobody else's eyes. */
export async function checkFiles(config: Pick<Config, 'keystore' | 'passwordFile'>): Promise<Check[]> {
  return [
    await checkAccount(config),
    await checkMode('keystore-mode', 'Keystore is private', config.keystore),
    await checkMode('password-mode', 'Password file is private', config.passwordFile),
  ]
}

async function checkAccount({ keystore: file, passwordFile }: Pick<Config, 'keystore' | 'passwordFile'>) {
  const about = {
    id: 'keystore',
    title: 'Keystore',
    purpose: 'The daemon signs its transactions and evidence with this account.',
  }
  try {
    const { address } = await readKeystore({ file, passwordFile })
    return check(about, { status: 'pass', actual: address })
  } catch (error) {
    const { message, suggestion } = error as Error & { suggestion?: string }
    const remediation = suggestion ?? 'Run "trainyard init".'
    const actual = message.replace(remediation, '').trim()
    return check(about, { status: 'fail', actual, required: 'opens with the password', remediation })
  }
}

async function checkMode(id: string, title: string, path: string): Promise<Check> {
  const about = { id, title, purpose: 'Whoever reads keystore and password owns the money.' }
  const info = await stat(path).catch(() => undefined)
  if (!info) return check(about, { status: 'skip', actual: 'not there' })
  const mode = info.mode & 0o777
  const isPrivate = (mode & 0o077) === 0
  return check(about, {
    status: isPrivate ? 'pass' : 'fail',
    actual: `0${mode.toString(8)}`,
    required: '0600',
    remediation: isPrivate ? null : `chmod 600 ${path}`,
  })
}

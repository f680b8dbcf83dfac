import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createKeystore } from '@trainyard/contracts/accounts/createKeystore.ts'
import { fileIsThere } from '../../engine/fileIsThere.ts'
import { ClientError } from '../../errors.ts'
import { readAddress } from '../readAddress.ts'

/**
 * The account of a keystore, which is made if it is not there, with a random password in a file that only
 * this user can read. Nothing is ever overwritten.
 */
export async function ensureAccount(files: {
  keystore: string
  passwordFile: string
}): Promise<{ account: string; isNew: boolean }> {
  const { keystore: file, passwordFile } = files
  const hasPassword = await fileIsThere(passwordFile)
  if (await fileIsThere(file)) {
    if (hasPassword) return { account: await readAddress(files), isNew: false }
    throw new ClientError(
      `The keystore ${file} is there, its password file ${passwordFile} is not.`,
      'Put the password back, or name another --keystore.',
    )
  }
  if (!hasPassword) {
    await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  }
  return { account: await createKeystore({ file, passwordFile, name: 'seller' }), isNew: true }
}

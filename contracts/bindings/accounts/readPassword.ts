import { readFile } from 'node:fs/promises'
import { KeystoreError } from './KeystoreError.ts'

const MAX_PASSWORD_BYTES = 4_096

/** The first line of a password file. Passwords come from files only: never arguments, never the environment. */
export async function readPassword(passwordFile: string): Promise<string> {
  let text: string
  try {
    text = await readFile(passwordFile, 'utf8')
  } catch (cause) {
    throw new KeystoreError(`The password file ${passwordFile} cannot be read.`, 'Check its path and mode.', {
      cause,
    })
  }
  const password = text.split(/\r?\n/, 1)[0] ?? ''
  if (password === '' || text.length > MAX_PASSWORD_BYTES) {
    throw new KeystoreError(
      `The password file ${passwordFile} is empty or too large.`,
      'Put the password on its first line.',
    )
  }
  return password
}

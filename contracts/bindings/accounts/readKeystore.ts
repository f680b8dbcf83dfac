import { readFile } from 'node:fs/promises'
import { Keyring } from '@polkadot/keyring'
import type { KeyringPair$Json } from '@polkadot/keyring/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { z } from 'zod'
import { KeyringSigner } from './KeyringSigner.ts'
import { KeystoreError } from './KeystoreError.ts'
import { readPassword } from './readPassword.ts'

const MAX_KEYSTORE_BYTES = 16_384

const keystoreSchema = z.object({
  address: z.string().max(200),
  encoded: z.string().max(2_000),
  encoding: z.object({
    content: z.tuple([z.literal('pkcs8'), z.literal('ethereum')]),
    type: z.tuple([z.literal('scrypt'), z.literal('xsalsa20-poly1305')]),
    version: z.literal('3'),
  }),
  meta: z.record(z.string(), z.unknown()).default({}),
})

async function readJson(path: string): Promise<KeyringPair$Json> {
  const advice = 'Give an encrypted @polkadot/keyring account file of type ethereum.'
  try {
    const text = await readFile(path, 'utf8')
    if (text.length > MAX_KEYSTORE_BYTES) throw new RangeError('too large')
    return keystoreSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new KeystoreError(`The keystore ${path} cannot be read.`, advice, { cause })
  }
}

/**
 * Decrypts an account file once (about half a second) and returns a signer for it.
 * Throws KeystoreError if a file is missing, is no such keystore, or the password is wrong.
 */
export async function readKeystore(options: { file: string; passwordFile: string }): Promise<KeyringSigner> {
  const { file, passwordFile } = options
  const json = await readJson(file)
  const password = await readPassword(passwordFile)
  await cryptoWaitReady()
  const pair = new Keyring({ type: 'ethereum' }).createFromJson(json)
  try {
    pair.unlock(password)
  } catch {
    // The cause is left out: nothing near a password belongs in a log.
    throw new KeystoreError(
      `The password in ${passwordFile} does not open the keystore ${file}.`,
      'Correct the password file.',
    )
  }
  return new KeyringSigner(pair)
}

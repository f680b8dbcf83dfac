import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { hexlify, Wallet } from 'ethers'
import { z } from 'zod'
import { KeystoreError } from './KeystoreError.ts'
import { readPassword } from './readPassword.ts'
import { SubstrateAccount } from './SubstrateAccount.ts'

const MAX_KEYSTORE_BYTES = 16_384
const UNLOCK_TIMEOUT_MS = 60_000
const KEY_BYTES = 64

/** Account types of @polkadot/keyring that can be used; all but ethereum are for Substrate chains only. */
export const keystoreTypes = ['ethereum', 'sr25519', 'ed25519'] as const
export type KeystoreType = (typeof keystoreTypes)[number]

const keystoreSchema = z.object({
  address: z.string().max(200),
  encoded: z.string().max(2_000),
  encoding: z.object({
    content: z.tuple([z.literal('pkcs8'), z.enum(keystoreTypes)]),
    type: z.tuple([z.literal('scrypt'), z.literal('xsalsa20-poly1305')]),
    version: z.literal('3'),
  }),
  meta: z.record(z.string(), z.unknown()).default({}),
})

type KeystoreJson = z.infer<typeof keystoreSchema>

async function readJson(path: string): Promise<KeystoreJson> {
  const advice = 'Give an encrypted @polkadot/keyring account file of type ethereum, sr25519 or ed25519.'
  try {
    const content = await readFile(path, 'utf8')
    if (content.length > MAX_KEYSTORE_BYTES) throw new RangeError('too large')
    return keystoreSchema.parse(JSON.parse(content))
  } catch (cause) {
    throw new KeystoreError(`The keystore ${path} cannot be read.`, advice, { cause })
  }
}

/** The account's secret key as hex; empty if the password is wrong. */
async function unlock(json: KeystoreJson, password: string): Promise<string> {
  const script = join(import.meta.dirname, 'unlockProcess.ts')
  const child = spawn(process.execPath, [script], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: UNLOCK_TIMEOUT_MS,
  })
  child.stdin.on('error', () => undefined) // it ended before it had read all
  child.stdin.end(JSON.stringify({ json, password }))
  const [secretKey, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (exitCode === 0) return secretKey
  const how = exitCode === null ? 'was ended before it was done' : 'failed'
  const advice = 'Try again; if it stays so, look at the free memory and at what else the machine does.'
  throw new KeystoreError(`The program that decrypts the keystore ${how}.`, advice)
}

function accountOf(type: KeystoreType, secretKey: string): Wallet {
  const bytes = Buffer.from(secretKey, 'hex')
  if (type === 'ethereum') return new Wallet(hexlify(bytes))
  const [key, publicKey] = [bytes.subarray(0, KEY_BYTES), bytes.subarray(KEY_BYTES)]
  return new SubstrateAccount({ type, secretKey: key, publicKey })
}

/**
 * Decrypts an account file once (about a second) and returns a signer for it; for Substrate types a SubstrateAccount.
 * Throws KeystoreError if a file is missing, is no such keystore, or the password is wrong.
 */
export async function readKeystore(options: { file: string; passwordFile: string }): Promise<Wallet> {
  const { file, passwordFile } = options
  const json = await readJson(file)
  const password = await readPassword(passwordFile)
  const secretKey = await unlock(json, password)
  if (secretKey !== '') return accountOf(json.encoding.content[1], secretKey)
  // The cause is left out: nothing near a password belongs in a log.
  throw new KeystoreError(
    `The password in ${passwordFile} does not open the keystore ${file}.`,
    'Correct the password file.',
  )
}

import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { getAddress } from 'ethers'
import { KeystoreError } from './KeystoreError.ts'
import type { KeystoreType } from './readKeystore.ts'
import { readPassword } from './readPassword.ts'

/**
 * Writes a new encrypted account file (mode 0600) and returns its address: as Ethereum writes it, or for Substrate types in
 * SS58. Never overwrites a file. Without `secretKey` (32 bytes) the account is a new random one; `name` is kept in clear.
 */
export async function createKeystore(options: {
  file: string
  passwordFile: string
  name?: string
  secretKey?: Uint8Array
  type?: KeystoreType
}): Promise<string> {
  const { file, passwordFile, name, secretKey = randomBytes(32), type = 'ethereum' } = options
  const password = await readPassword(passwordFile)
  await cryptoWaitReady()
  const pair = new Keyring({ type }).addFromSeed(secretKey, name ? { name } : {})
  try {
    await writeFile(file, `${JSON.stringify(pair.toJson(password))}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new KeystoreError(
      `The keystore ${file} cannot be written.`,
      'Choose a path that does not exist yet.',
      { cause },
    )
  }
  return type === 'ethereum' ? getAddress(pair.address) : pair.address
}

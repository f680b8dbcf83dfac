import { readFile } from 'node:fs/promises'
import { KeystoreError } from '@trainyard/contracts/accounts/KeystoreError.ts'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { computeAddress, getAddress } from 'ethers'

const PUBLIC_KEY_CHARS = 68

/**
 * The account of a keystore, which is in it in clear, unless it is a Substrate account: what contracts know that by, its
 * key says alone. Throws KeystoreError.
 */
export async function readAddress(files: { keystore: string; passwordFile: string }): Promise<string> {
  const { keystore, passwordFile } = files
  try {
    const { address } = JSON.parse(await readFile(keystore, 'utf8')) as { address?: unknown }
    const text = String(address)
    // The keyring names an ethereum account by its compressed public key.
    if (text.length === PUBLIC_KEY_CHARS) return computeAddress(text)
    if (text.startsWith('0x')) return getAddress(text)
  } catch {
    // The cause is left out: it may quote the file.
    throw new KeystoreError(`The keystore ${keystore} cannot be read.`, 'Run "trainyard init" to make one.')
  }
  return (await readKeystore({ file: keystore, passwordFile })).address
}

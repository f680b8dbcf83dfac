import { readFile } from 'node:fs/promises'
import { KeystoreError } from '@trainyard/contracts/accounts/KeystoreError.ts'
import { computeAddress, getAddress } from 'ethers'

const PUBLIC_KEY_CHARS = 68

/** The account of a keystore, which is in it in clear. Throws KeystoreError. */
export async function readAddress(keystore: string): Promise<string> {
  try {
    const { address } = JSON.parse(await readFile(keystore, 'utf8')) as { address?: unknown }
    const text = String(address)
    // The keyring names an ethereum account by its compressed public key.
    return text.length === PUBLIC_KEY_CHARS ? computeAddress(text) : getAddress(text)
  } catch {
    // The cause is left out: it may quote the file.
    throw new KeystoreError(`The keystore ${keystore} cannot be read.`, 'Run "trainyard init" to make one.')
  }
}

import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { Keyring } from '@polkadot/keyring'
import {
  cryptoWaitReady,
  jsonEncryptFormat,
  naclEncrypt,
  scryptEncode,
  scryptToU8a,
} from '@polkadot/util-crypto'
import type { KeystoreType } from '@trainyard/contracts/accounts/readKeystore.ts'
import { getAddress } from 'ethers'

/** The least that @polkadot takes: a fourth of what createKeystore spends, at every start of a process that reads it. */
const LIGHT = { N: 2 ** 15, p: 1, r: 8 }

/** As createKeystore, for accounts that are worth nothing: many processes of the tests decrypt them. */
export async function createLightKeystore(options: {
  file: string
  passwordFile: string
  secretKey?: Uint8Array
  type?: KeystoreType
}): Promise<string> {
  const { file, passwordFile, secretKey = randomBytes(32), type = 'ethereum' } = options
  const password = (await readFile(passwordFile, 'utf8')).trimEnd()
  await cryptoWaitReady()
  const pair = new Keyring({ type }).addFromSeed(secretKey)
  const { address, meta } = pair.toJson()
  const key = scryptEncode(password, randomBytes(32), LIGHT)
  const { nonce, encrypted } = naclEncrypt(pair.encodePkcs8(), key.password.subarray(0, 32))
  const encoded = Buffer.concat([scryptToU8a(key.salt, key.params), nonce, encrypted])
  const json = { ...jsonEncryptFormat(encoded, ['pkcs8', type], true), address, meta }
  await writeFile(file, `${JSON.stringify(json)}\n`, { mode: 0o600, flag: 'wx' })
  return type === 'ethereum' ? getAddress(pair.address) : pair.address
}

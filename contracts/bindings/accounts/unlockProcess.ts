// Decrypts one account file in a process of its own: the memory that scrypt takes (128 MiB), and the libraries of
// @polkadot, go with it when it ends. Reads {json, password} from stdin, writes the secret key to stdout as hex (of
// Substrate types with the public key behind it), or nothing if the password is wrong.
import { text } from 'node:stream/consumers'
import type { KeyringPair$Json } from '@polkadot/keyring/types'
import { cryptoWaitReady } from '@polkadot/util-crypto/crypto'
import { jsonDecrypt } from '@polkadot/util-crypto/json' // alone: the rest takes as long again to load

const HEADER_BYTES = 16 // of PKCS #8
const SEED_BYTES = 32
const KEY_BYTES = 64
const DIVIDER_BYTES = 5 // between secret and public key

const { json, password } = JSON.parse(await text(process.stdin)) as {
  json: KeyringPair$Json
  password: string
}
await cryptoWaitReady()
let secretKey = ''
try {
  const secret = jsonDecrypt(json, password).subarray(HEADER_BYTES)
  const publicKey = secret.subarray(KEY_BYTES + DIVIDER_BYTES)
  const isEthereum = json.encoding.content[1] === 'ethereum'
  const parts = isEthereum ? [secret.subarray(0, SEED_BYTES)] : [secret.subarray(0, KEY_BYTES), publicKey]
  secretKey = Buffer.concat(parts).toString('hex')
} catch {
  // The reason is left out: nothing near a password belongs in a log.
}
process.stdout.write(secretKey)

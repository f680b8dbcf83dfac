// Decrypts one account file in a process of its own: the memory that scrypt takes (128 MiB), and the libraries of
// @polkadot, go with it when it ends. Reads {json, password} from stdin, writes the secret key to stdout as hex, or
// nothing if the password is wrong.
import { text } from 'node:stream/consumers'
import type { KeyringPair$Json } from '@polkadot/keyring/types'
import { cryptoWaitReady, jsonDecrypt } from '@polkadot/util-crypto'

const SECRET_START = 16 // after the header of PKCS #8
const SECRET_END = 48

const { json, password } = JSON.parse(await text(process.stdin)) as {
  json: KeyringPair$Json
  password: string
}
await cryptoWaitReady()
let secretKey = ''
try {
  secretKey = Buffer.from(jsonDecrypt(json, password).slice(SECRET_START, SECRET_END)).toString('hex')
} catch {
  // The reason is left out: nothing near a password belongs in a log.
}
process.stdout.write(secretKey)

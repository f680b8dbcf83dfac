// A drand of one node: `node drandNode.ts <file that keeps its key>`. Every round is really signed, and none before its time; it
// proves nothing to anybody but its owner, who has the key. Served as relays serve evmnet. Ends when stdin closes.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { roundAt } from '@trainyard/verifier/beacon/drand/network.ts'
import { messageOf } from '@trainyard/verifier/beacon/drand/readRound.ts'
import { EVMNET_DST } from '@trainyard/verifier/bls/hashToG1.ts'
import { publicKeyOf } from '@trainyard/verifier/bls/publicKeyOf.ts'
import { sign } from '@trainyard/verifier/bls/sign.ts'
import { sha256 } from '@trainyard/verifier/hash/sha256.node.ts'

const USUAL_PORT = 4271
const PERIOD_SECONDS = 1
const SECRET_BYTES = 31 // below the group's order
/** A relay that is asked for a round too early says so (RFC 8470). */
const TOO_EARLY = 425

type Kept = { readonly secretKey: string; readonly genesisSeconds: number }

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('usage: drandNode.ts <file that keeps its key>')
const { secretKey: hex, genesisSeconds } = kept(file)
const secretKey = BigInt(`0x${hex}`)
const publicKey = publicKeyOf(secretKey).map(wordOf)
const chainHash = Buffer.from(sha256(Buffer.from(publicKey.join(''), 'hex'))).toString('hex')
const ABOUT = {
  ...{ hash: chainHash, public_key: publicKey.join(''), schemeID: 'bls-bn254-unchained-on-g1' },
  ...{ genesis_time: genesisSeconds, period: PERIOD_SECONDS, metadata: { beaconID: 'local' } },
}
const clock = { genesisSeconds, periodSeconds: PERIOD_SECONDS }
const path = new RegExp(`^/${chainHash}/(?:(info)|public/(latest|[1-9]\\d{0,14}))$`)
const server = createServer((request, response) => {
  const [, info, asked] = path.exec(request.url ?? '') ?? []
  if (info !== undefined) return reply(response, ABOUT)
  if (asked === undefined) return void response.writeHead(404).end()
  const newest = roundAt(clock, Date.now())
  const round = asked === 'latest' ? newest : Number(asked)
  if (round > newest) return void response.writeHead(TOO_EARLY).end()
  const signature = sign(secretKey, EVMNET_DST, messageOf(round)).map(wordOf).join('')
  const randomness = Buffer.from(sha256(Buffer.from(signature, 'hex'))).toString('hex')
  reply(response, { round, randomness, signature })
})
await listen(USUAL_PORT).catch(() => listen(0))
const { port } = server.address() as AddressInfo
const end = () => process.exit(0)
process.stdin.on('end', end).on('error', end).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
const network = { ...clock, chainHash, publicKey: publicKey.map((word) => `0x${word}`) }
process.stdout.write(`${JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}`, network })}\n`)

function reply(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function listen(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function kept(file: string): Kept {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Kept
  const secretKey = randomBytes(SECRET_BYTES).toString('hex')
  const made: Kept = { secretKey, genesisSeconds: Math.floor(Date.now() / 1000) }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(made)}\n`, { mode: 0o600 })
  return made
}

function wordOf(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}

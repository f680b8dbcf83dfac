import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'
import { roundAt } from '../../verifier/src/beacon/drand/network.ts'
import { messageOf } from '../../verifier/src/beacon/drand/readRound.ts'
import { EVMNET_DST } from '../../verifier/src/bls/hashToG1.ts'
import { publicKeyOf } from '../../verifier/src/bls/publicKeyOf.ts'
import { sign } from '../../verifier/src/bls/sign.ts'

const SECRET_KEY = 0x7261696en

/** What a relay answers about a round. */
export type RelayAnswer = { status?: number; body: string }

/** A drand network of one node: every round really signed, by a key that the network's public key belongs to. */
export function localNetwork(changes: Partial<DrandNetwork> = {}): DrandNetwork {
  return {
    name: 'local drand',
    chainHash: 'ab'.repeat(32),
    publicKey: publicKeyOf(SECRET_KEY),
    genesisSeconds: Math.floor(Date.now() / 1000) - 3_000,
    periodSeconds: 3,
    ...changes,
  }
}

/** The answer of an honest relay of the local network. */
export function signedRound(round: number): RelayAnswer {
  const hex = (value: bigint) => value.toString(16).padStart(64, '0')
  const [x, y] = sign(SECRET_KEY, EVMNET_DST, messageOf(round))
  return { body: JSON.stringify({ round, signature: hex(x) + hex(y) }) }
}

/** An honest relay's answer: nothing of the future. */
export const signedOnceThere =
  (network: DrandNetwork) =>
  (round: number): RelayAnswer =>
    round > roundAt(network, Date.now()) ? { status: 425, body: '' } : signedRound(round)

/** What an honest relay says of the network that it serves. */
export function infoOf({ chainHash, publicKey, genesisSeconds, periodSeconds }: DrandNetwork) {
  return {
    hash: chainHash,
    public_key: publicKey.map((word) => word.toString(16).padStart(64, '0')).join(''),
    ...{ genesis_time: genesisSeconds, period: periodSeconds },
    schemeID: 'bls-bn254-unchained-on-g1',
  }
}

/** A relay on this machine. @param answer what it says of a round; default: the truth */
export async function startRelay(
  network: DrandNetwork,
  answer: (round: number) => RelayAnswer = signedRound,
) {
  const asked: number[] = []
  const server = createServer((request, response) => {
    const send = ({ status = 200, body }: RelayAnswer) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    if (request.url === `/${network.chainHash}/info`) return send({ body: JSON.stringify(infoOf(network)) })
    const match = new RegExp(`^/${network.chainHash}/public/(latest|\\d+)$`).exec(request.url ?? '')
    if (!match) return void response.writeHead(404).end()
    if (match[1] === 'latest') return send(answer(roundAt(network, Date.now())))
    const round = Number(match[1])
    asked.push(round)
    send(answer(round))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, stop: () => void server.close() }
}

import { readFileSync } from 'node:fs'
import { EVMNET } from '@trainyard/contracts/drandNetwork.ts'
import { afterEach, expect, test } from 'vitest'
import { createDrandBeacon } from '../../../verifier/src/beacon/drand/createDrandBeacon.ts'
import { roundAt, timeOfRound } from '../../../verifier/src/beacon/drand/network.ts'
import { readRound } from '../../../verifier/src/beacon/drand/readRound.ts'
import { BeaconNotYet, BeaconUnavailable } from '../../../verifier/src/beacon/errors.ts'
import { InputInvalid } from '../../../verifier/src/errors.ts'
import { localNetwork, type RelayAnswer, signedRound, startRelay } from '../../helpers/localDrand.ts'

type Vectors = { evmnet: { key: string[]; rounds: number[]; signatures: string[][] } }
const { evmnet }: Vectors = JSON.parse(readFileSync('test/fixtures/bls-vectors.json', 'utf8'))
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const answerOf = (index: number) => ({
  round: evmnet.rounds[index]!,
  signature: evmnet.signatures[index]!.map((word) => word.slice(2)).join(''),
})

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})
const network = localNetwork()
const relay = async (answer?: (round: number) => RelayAnswer) => {
  const started = await startRelay(network, answer)
  stops.push(started.stop)
  return started
}

test("default: real rounds of drand's evmnet, with the randomness that the network publishes", () => {
  expect(evmnet.key.map(BigInt)).toEqual([...EVMNET.publicKey])
  const values = evmnet.rounds.map((round, i) => readRound(EVMNET, round, bytesOf(answerOf(i))).value)
  expect(values[0]).toBe('0x781b75698adc3af62cfa55db83cf0c73ae54e1ac8c0d4c3a2224126b65369ec5')
  expect(values[2]).toBe('0x0cf0d7df717120037ba88c57fb0598118b94083501489a3caa209e794f844564')
  expect(values[4]).toBe('0xa1e645cd6193837f626716851f5c42ad4bf63ad75193b2cae40f88c08c8f3bd8')
})

test('error: tampered answers, each with the reason', () => {
  const { round, signature } = answerOf(0)
  const read =
    (answer: unknown, about = round) =>
    () =>
      readRound(EVMNET, about, bytesOf(answer))
  const flipped = signature.replace(/.$/, (digit) => (digit === '3' ? '2' : '3'))
  expect(read({ round, signature: flipped })).toThrow(/not the network's/)
  // A true signature of another round.
  expect(read({ round, signature: answerOf(1).signature })).toThrow(/not the network's/)
  expect(read(answerOf(1))).toThrow(/is about round 513/)
  expect(read({ round, signature: '00'.repeat(64) })).toThrow(/not the network's/)
  expect(read({ round, signature: signature.slice(2) })).toThrow(InputInvalid)
  expect(read({ round: '1', signature })).toThrow(InputInvalid)
  // Another network's key.
  expect(() => readRound(network, round, bytesOf(answerOf(0)))).toThrow(/not the network's/)
})

test('behavior: rounds follow the clock', () => {
  const at = (seconds: number) => roundAt(EVMNET, 1000 * (EVMNET.genesisSeconds + seconds))
  expect([at(-0.001), at(0), at(2.9), at(3), at(3 * 512)]).toEqual([0, 1, 1, 2, 513])
  expect(roundAt(EVMNET, timeOfRound(EVMNET, 20_000_000))).toBe(20_000_000)
})

test('behavior: a liar and a silent relay are passed over, and what was verified is asked once', async () => {
  const liar = await relay((round) => ({
    body: JSON.stringify({ ...JSON.parse(signedRound(round + 1).body), round }),
  }))
  const broken = await relay(() => ({ body: 'x'.repeat(10_000) }))
  const honest = await relay()
  const beacon = createDrandBeacon(network, ['http://127.0.0.1:1', liar.url, broken.url, honest.url])
  const value = await beacon.valueOf(7)
  expect(value).toBe(readRound(network, 7, new TextEncoder().encode(signedRound(7).body)).value)
  expect(await beacon.valueOf(7)).toBe(value)
  expect(honest.asked).toEqual([7])
  expect(await beacon.valueOf(8)).not.toBe(value)
})

test('error: a round in the future is asked of nobody; one that no relay has yet is not there', async () => {
  const early = await relay(() => ({ status: 425, body: '' }))
  const now = roundAt(network, Date.now())
  const beacon = createDrandBeacon(network, [early.url])
  await expect(beacon.valueOf(now + 100)).rejects.toBeInstanceOf(BeaconNotYet)
  expect(early.asked).toEqual([])
  await expect(beacon.valueOf(now)).rejects.toBeInstanceOf(BeaconNotYet)
})

test('error: where nobody gives the signature, the reasons are told', async () => {
  const liar = await relay((round) => ({ body: JSON.stringify({ round, signature: '11'.repeat(64) }) }))
  const beacon = createDrandBeacon(network, [liar.url, 'http://127.0.0.1:1'])
  const failed = await beacon.valueOf(3).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(BeaconUnavailable)
  expect(String(failed)).toMatch(/not the network's.*127\.0\.0\.1:1/)
})

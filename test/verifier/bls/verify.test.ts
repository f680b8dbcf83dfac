import { readFileSync } from 'node:fs'
import { getBytes, keccak256, toBeHex } from 'ethers'
import { expect, test } from 'vitest'
import { EVMNET_DST, hashToG1 } from '../../../verifier/src/bls/hashToG1.ts'
import type { PublicKeyPoint, SignaturePoint } from '../../../verifier/src/bls/points.ts'
import { publicKeyOf } from '../../../verifier/src/bls/publicKeyOf.ts'
import { sign } from '../../../verifier/src/bls/sign.ts'
import { verify } from '../../../verifier/src/bls/verify.ts'

type Vectors = { evmnet: { key: string[]; rounds: number[]; signatures: string[][] } }
const { evmnet }: Vectors = JSON.parse(readFileSync('test/fixtures/bls-vectors.json', 'utf8'))
const words = <T>(texts: readonly string[]) => texts.map(BigInt) as unknown as T
const key = words<PublicKeyPoint>(evmnet.key)
const messageOf = (round: number) => getBytes(keccak256(toBeHex(round, 8)))

test("default: real rounds of drand's evmnet verify, each under its own number only", () => {
  for (const [i, round] of evmnet.rounds.entries()) {
    const signature = words<SignaturePoint>(evmnet.signatures[i]!)
    expect(verify(key, EVMNET_DST, messageOf(round), signature)).toBe(true)
    expect(verify(key, EVMNET_DST, messageOf(round + 1), signature)).toBe(false)
  }
})

test('behavior: what is signed verifies, under its tag and key only', () => {
  const signature = sign(77n, 'TAG', messageOf(3))
  expect(verify(publicKeyOf(77n), 'TAG', messageOf(3), signature)).toBe(true)
  expect(verify(publicKeyOf(77n), 'OTHER', messageOf(3), signature)).toBe(false)
  expect(verify(publicKeyOf(78n), 'TAG', messageOf(3), signature)).toBe(false)
})

test('behavior: the hash is a point of the curve, another one for each message', () => {
  const [one, two] = [hashToG1('TAG', messageOf(1)), hashToG1('TAG', messageOf(2))]
  one.assertValidity()
  expect(one.equals(two)).toBe(false)
})

test('error: points that are none, or zero, verify nothing', () => {
  const [x, y] = sign(77n, 'TAG', messageOf(3))
  for (const bad of [
    [0n, 0n],
    [x, y + 1n],
    [y, x],
  ] as const) {
    expect(verify(publicKeyOf(77n), 'TAG', messageOf(3), bad)).toBe(false)
  }
  expect(verify([0n, 0n, 0n, 0n], 'TAG', messageOf(3), [0n, 0n])).toBe(false)
  expect(verify([1n, 2n, 3n, 4n], 'TAG', messageOf(3), [x, y])).toBe(false)
})

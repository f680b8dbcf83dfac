// Writes test/fixtures/bls-vectors.json: rounds of drand's evmnet as its public API serves them (docs/drand.md says where they were
// published), and signatures made here with @noble/curves, to compare the contracts' arithmetic with. Run: node test/contracts/helpers/blsVectors.ts
import { writeFileSync } from 'node:fs'
import { getBytes, id, toBeHex } from 'ethers'
import { hashToG1 } from '../../../verifier/src/bls/hashToG1.ts'
import { mapToG1 } from '../../../verifier/src/bls/mapToG1.ts'
import { publicKeyOf } from '../../../verifier/src/bls/publicKeyOf.ts'
import { sign } from '../../../verifier/src/bls/sign.ts'

/** Chain 04f1e9062b8a81f848fded9c12306733282b2727ecced50032187751166ec8c3. */
const evmnet = {
  key: [
    '0x07e1d1d335df83fa98462005690372c643340060d205306a9aa8106b6bd0b382',
    '0x0557ec32c2ad488e4d4f6008f89a346f18492092ccc0d594610de2732c8b808f',
    '0x0095685ae3a85ba243747b1b2f426049010f6b73a0cf1d389351d5aaaa1047f6',
    '0x297d3a4f9749b33eb2d904c9d9ebf17224150ddd7abd7567a9bec6c74480ee0b',
  ],
  rounds: [1, 513, 12_345_678, 20_000_000, 9_337_227],
  signatures: [
    [
      '0x11f812d738a36b2210dc88c2d635ad8039588205f42445d6de09e6530165c346',
      '0x2a23aca348c84badcf8df5321ac24577b7963d5b0d780bc4626baedb45cde373',
    ],
    [
      '0x06ded8c05af23042a0caf9b404c6140f9ec64adbaf82f04d5c37153e8412ed58',
      '0x0f827c7d5ac7d02ca0bbd989d07594729bdcde7d6dc1001191c59dc9033d31b2',
    ],
    [
      '0x1f82751a21ca166dcc2c804ddd5846cb5f0f8f4ded7e93a8ec9b34cdc885d99a',
      '0x26353f2dbf384155cc898695316de8ce942f167a0faf3906ca066ebc7200aa86',
    ],
    [
      '0x1ad7a10ece71f082a5c931983eca674ecb297b22f9396cde3a5015b9d9179541',
      '0x1f11d5de506f74f17645ac04a2fe6b53458a123f66e2fcb1e2ab86cb8c2d5409',
    ],
    [
      '0x01d65d6128f4b2df3d08de85543d8efe06b0281d0770246ae3672e8ddd3efda0',
      '0x269373123458f0b5c0073eeed1c816a06809e127421513e34ee07df6987910b3',
    ],
  ],
}

const hex = (words: readonly bigint[]) => words.map((word) => toBeHex(word, 32))

function madeVector(index: number) {
  const secretKey = BigInt(id(`key ${index}`)) >> 3n
  const tag = `TEST${'-'.repeat(index * 40)}`
  const message = id(`message ${index}`)
  const point = hashToG1(tag, getBytes(message)).toAffine()
  return {
    tag,
    message,
    hash: hex([point.x, point.y]),
    key: hex(publicKeyOf(secretKey)),
    signature: hex(sign(secretKey, tag, getBytes(message))),
  }
}

/** Small ones, which a wrong sign or constant would show in, and others: they take each of the three branches. */
const elements = [
  ...[0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n],
  ...[1, 2, 3, 4, 5, 6].map((i) => BigInt(id(`u ${i}`)) >> 3n),
]
const maps = elements.map((u) => [u, mapToG1(u)] as const).map(([u, { x, y }]) => hex([u, x, y]))

const vectors = { evmnet, made: [0, 1, 2, 3, 4, 5].map(madeVector), maps }
writeFileSync('test/fixtures/bls-vectors.json', `${JSON.stringify(vectors, null, 1)}\n`)

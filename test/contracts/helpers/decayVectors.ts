// Writes test/fixtures/decay-vectors.json: [value, seconds, value * 2^-(seconds / week) rounded down], in exact arithmetic.
// Run: node test/contracts/helpers/decayVectors.ts
import { writeFileSync } from 'node:fs'
import { id } from 'ethers'
import { exactFactor, ONE, WEEK } from './exactDecay.ts'

/** More than all roundings together, and far less than what could carry a result over a whole number by chance. */
const SLACK = 1n << 40n

const random = (name: string, bits: bigint) => BigInt(id(name)) >> (256n - bits)
const cases = Array.from({ length: 40 }, (_, i) => {
  const value = random(`value ${i}`, 128n - BigInt(i % 4) * 20n)
  const seconds =
    i < 8 ? [0, 1, 2, WEEK - 1, WEEK, WEEK + 1, 3 * WEEK + 7, 86_400][i]! : Number(random(`t ${i}`, 23n))
  return [value, BigInt(seconds), (value * (exactFactor(seconds) + SLACK)) / ONE]
})
const lines = cases.map((numbers) => ` [${numbers.map((n) => `"${n}"`).join(', ')}]`)
writeFileSync('test/fixtures/decay-vectors.json', `[\n${lines.join(',\n')}\n]\n`)

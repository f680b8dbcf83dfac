// Writes test/fixtures/decay-vectors.json: [value, seconds, value * 2^-(seconds / week) rounded down], in exact arithmetic:
// 2^(1/week) is found as an integer root with 400 bits, and raised. Run: node test/contracts/helpers/decayVectors.ts
import { writeFileSync } from 'node:fs'
import { id } from 'ethers'

const WEEK = 604_800
const BITS = 400n
const ONE = 1n << BITS
/** More than all roundings together, and far less than what could carry a result over a whole number by chance. */
const SLACK = 1n << 40n

/** 2^-(1/week): the largest fraction whose power of a week's seconds is at most one half. */
function secondsFactor(): bigint {
  let low = 0n
  let high = ONE
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (power(middle, WEEK) <= ONE >> 1n) low = middle
    else high = middle
  }
  return low
}

function power(base: bigint, exponent: number): bigint {
  let result = ONE
  let square = base
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) >> BITS
    square = (square * square) >> BITS
  }
  return result
}

const factor = secondsFactor()
const random = (name: string, bits: bigint) => BigInt(id(name)) >> (256n - bits)
const cases = Array.from({ length: 40 }, (_, i) => {
  const value = random(`value ${i}`, 128n - BigInt(i % 4) * 20n)
  const seconds =
    i < 8 ? [0, 1, 2, WEEK - 1, WEEK, WEEK + 1, 3 * WEEK + 7, 86_400][i]! : Number(random(`t ${i}`, 23n))
  return [value, BigInt(seconds), (value * (power(factor, seconds) + SLACK)) >> BITS]
})
const lines = cases.map((numbers) => ` [${numbers.map((n) => `"${n}"`).join(', ')}]`)
writeFileSync('test/fixtures/decay-vectors.json', `[\n${lines.join(',\n')}\n]\n`)

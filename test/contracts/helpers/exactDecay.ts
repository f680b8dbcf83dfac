/** 2^-(t / week) with integers of 400 bits: 2^(1/week) is found as an integer root, and raised. No floats. */
export const WEEK = 604_800
const BITS = 400n
export const ONE = 1n << BITS

const factor = secondsFactor()

/** ONE * 2^-(seconds / week): off by less than 2^-360 of it. */
export function exactFactor(seconds: number): bigint {
  return power(factor, seconds)
}

/** ONE * ln 2, of the series sum 1 / (k 2^k). */
export function exactLn2(): bigint {
  let sum = 0n
  for (let k = 1n; k < BITS; k++) sum += (ONE >> k) / k
  return sum
}

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

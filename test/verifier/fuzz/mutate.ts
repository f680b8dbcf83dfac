import { threefry, threefryOf } from '@trainyard/verifier/canonical/threefry.ts'

/** Reproducible whole numbers below a bound. */
export type Dice = (sides: number) => number

export function dice(seed: number): Dice {
  const rng = threefryOf(`0x${seed.toString(16).padStart(16, '0')}`)
  let draws = 0
  return (sides) => {
    threefry(rng, draws++, 0)
    return rng.x0 % sides
  }
}

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '-1',
  '1e309',
  '9007199254740993',
  'null',
  '\\u0000',
  '__proto__',
]

/** Bytes with a few changes: flips, cuts, repeats, and pieces of JSON where they do not belong. */
export function mutate(bytes: Uint8Array, roll: Dice): Uint8Array {
  let mutated = new Uint8Array(bytes)
  for (let changes = 1 + roll(4); changes > 0; changes--) mutated = change(mutated, roll)
  return mutated
}

function change(bytes: Uint8Array<ArrayBuffer>, roll: Dice): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return bytes
  const [a, b] = [roll(bytes.length), roll(bytes.length)]
  const [from, to] = a < b ? [a, b] : [b, a]
  switch (roll(5)) {
    case 0:
      bytes[a] = roll(256)
      return bytes
    case 1:
      return bytes.slice(0, a)
    case 2:
      return joined(bytes.slice(0, from), bytes.slice(to))
    case 3:
      return joined(bytes.slice(0, to), bytes.slice(from))
    default:
      return joined(bytes.slice(0, a), new TextEncoder().encode(TOKENS[roll(TOKENS.length)]!), bytes.slice(a))
  }
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

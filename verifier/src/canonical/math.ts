const fround = Math.fround

/** log2 e and sqrt 2 as the float32 values nearest to them. */
const LOG2_E = 12102203 / 2 ** 23
/** ln 2 in two parts: the high one has 9 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.693359375
const LN2_LOW = fround(-2.1219444005469057e-4)
const EXP_LOWEST = -87
const EXP_HIGHEST = 88
const SQRT_2 = 11863283 / 2 ** 23

/** 1/k! for k = 2..7: Taylor's series of exp. */
const E2 = fround(1 / 2)
const E3 = fround(1 / 6)
const E4 = fround(1 / 24)
const E5 = fround(1 / 120)
const E6 = fround(1 / 720)
const E7 = fround(1 / 5040)

/** 1/k for k = 3, 5, 7, 9: the series log((1+s)/(1-s)) = 2s(1 + s^2/3 + s^4/5 + ...). */
const L3 = fround(1 / 3)
const L5 = fround(1 / 5)
const L7 = fround(1 / 7)
const L9 = fround(1 / 9)

const word = new Float32Array(1)
const wordBits = new Uint32Array(word.buffer)

/** IEEE 754 bits of a float32. */
export function bitsOf(value: number): number {
  word[0] = value
  return wordBits[0]!
}

/** Float32 with these IEEE 754 bits. */
export function floatOf(bits: number): number {
  wordBits[0] = bits
  return word[0]!
}

/** 2^exponent for -126..127, exact. */
function powerOfTwo(exponent: number): number {
  return floatOf((exponent + 127) << 23)
}

/**
 * e^x in float32 from + - * / alone, since Math.exp differs between engines. 0 below -87, Infinity above 88.
 * Argument reduction to |r| <= ln2/2, then Taylor to degree 7: within 2 units in the last place.
 */
export function exp32(x: number): number {
  if (x < EXP_LOWEST) return 0
  if (x > EXP_HIGHEST) return Number.POSITIVE_INFINITY
  const n = Math.floor(fround(fround(x * LOG2_E) + 0.5))
  const r = fround(fround(x - fround(n * LN2_HIGH)) - fround(n * LN2_LOW))
  let p = fround(fround(r * E7) + E6)
  p = fround(fround(p * r) + E5)
  p = fround(fround(p * r) + E4)
  p = fround(fround(p * r) + E3)
  p = fround(fround(p * r) + E2)
  p = fround(fround(p * r) + 1)
  p = fround(fround(p * r) + 1)
  return fround(p * powerOfTwo(n))
}

/**
 * ln x in float32 for positive normal x, from + - * / alone: x = m * 2^e with m in [sqrt(1/2), sqrt 2), then the
 * series in s = (m-1)/(m+1).
 */
export function log32(x: number): number {
  const bits = bitsOf(x)
  let exponent = (bits >>> 23) - 127
  let m = floatOf((bits & 0x7fffff) | 0x3f800000)
  if (m > SQRT_2) {
    m = fround(m / 2)
    exponent++
  }
  const s = fround(fround(m - 1) / fround(m + 1))
  const z = fround(s * s)
  let p = fround(fround(z * L9) + L7)
  p = fround(fround(p * z) + L5)
  p = fround(fround(p * z) + L3)
  p = fround(fround(p * z) + 1)
  const logOfM = fround(fround(s + s) * p)
  return fround(fround(exponent * LN2_HIGH) + fround(logOfM + fround(exponent * LN2_LOW)))
}

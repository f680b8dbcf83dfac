import { bn254 } from '@noble/curves/bn254.js'

const { Fp } = bn254.fields
const B = 3n
const Z = 1n // g(Z) = 4 is a square, so that one of the three candidates always is
const C1 = g(Z)
const C2 = Fp.div(Fp.neg(Z), 2n)
const C3 = evenRoot(Fp.neg(Fp.mul(C1, Fp.mul(3n, Fp.sqr(Z)))))
const C4 = Fp.div(Fp.neg(Fp.mul(4n, C1)), Fp.mul(3n, Fp.sqr(Z)))

/** Shallue and van de Woestijne's map of a field element to y^2 = x^3 + 3 (RFC 9380, 6.6.1, with Z = 1). */
export function mapToG1(u: bigint): { x: bigint; y: bigint } {
  const t = Fp.mul(Fp.sqr(u), C1)
  const plus = Fp.add(1n, t)
  const minus = Fp.sub(1n, t)
  const product = Fp.mul(minus, plus)
  const inverse = Fp.is0(product) ? 0n : Fp.inv(product)
  const shift = Fp.mul(Fp.mul(Fp.mul(u, minus), inverse), C3)
  const third = Fp.add(Fp.mul(Fp.sqr(Fp.mul(Fp.sqr(plus), inverse)), C4), Z)
  for (const x of [Fp.sub(C2, shift), Fp.add(C2, shift), third]) {
    if (!isSquare(g(x))) continue
    const y = Fp.sqrt(g(x))
    return { x, y: y % 2n === u % 2n ? y : Fp.neg(y) }
  }
  throw new RangeError('No candidate is on the curve, which cannot be.')
}

function g(x: bigint): bigint {
  return Fp.add(Fp.mul(Fp.sqr(x), x), B)
}

function isSquare(a: bigint): boolean {
  return Fp.is0(a) || Fp.eql(Fp.pow(a, (Fp.ORDER - 1n) / 2n), Fp.ONE)
}

function evenRoot(a: bigint): bigint {
  const root = Fp.sqrt(a)
  return root % 2n === 0n ? root : Fp.neg(root)
}

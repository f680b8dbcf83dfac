// Writes test/fixtures/effective-vectors.json: credits of three machines at random times, and what their scores are at a later
// time, in exact arithmetic, rounded down. Run: node test/contracts/helpers/effectiveVectors.ts
import { writeFileSync } from 'node:fs'
import { id } from 'ethers'
import { exactFactor, exactLn2, ONE, WEEK } from './exactDecay.ts'

const START = 2_000_000
const EPOCH_SECONDS = 86_400
const MACHINES = 3
/** Credits, the longest time between two of them, bits of the largest: from a drill a minute to half a year of silence. */
const HISTORIES = [
  [1, 10, 40n],
  [120, 60, 36n],
  [80, 7_200, 48n],
  [60, EPOCH_SECONDS, 64n],
  [60, 3 * WEEK, 80n],
  [40, 26 * WEEK, 100n],
] as const

type Credit = { at: number; machine: number; decp: bigint; tecp: bigint }

const random = (name: string, below: bigint) => BigInt(id(name)) % below
const ln2 = exactLn2()

function historyOf(h: number): { credits: Credit[]; readAt: number } {
  const [count, gap, bits] = HISTORIES[h]!
  let at = START
  const credits = Array.from({ length: count }, (_, i): Credit => {
    at += Number(random(`gap ${h} ${i}`, BigInt(gap)))
    // One kind of work now and then, so that both sums decay over several credits of the other.
    const kinds = random(`kinds ${h} ${i}`, 3n)
    return {
      at,
      machine: Number(random(`machine ${h} ${i}`, BigInt(MACHINES))),
      decp: kinds === 0n ? 0n : random(`decp ${h} ${i}`, 1n << bits),
      tecp: kinds === 1n ? 0n : random(`tecp ${h} ${i}`, 1n << bits),
    }
  })
  return { credits, readAt: at + Number(random(`read ${h}`, BigInt(2 * gap))) }
}

/** Sum of the decayed parts, times ONE. */
function decayed(credits: Credit[], at: number, part: (credit: Credit) => bigint): bigint {
  return credits.reduce((sum, credit) => sum + part(credit) * exactFactor(at - credit.at), 0n)
}

/** Daily averages of drilling, training and both; and the weight when the epoch began, five times the weighted sum. */
function exactOf(credits: Credit[], readAt: number): bigint[] {
  const decp = decayed(credits, readAt, (credit) => credit.decp)
  const tecp = decayed(credits, readAt, (credit) => credit.tecp)
  const perDay = (sum: bigint, over: bigint) => (sum * ln2) / (7n * over * ONE * ONE)
  const epochAt = readAt - (readAt % EPOCH_SECONDS)
  const before = credits.filter(({ at }) => at < epochAt)
  const weight = decayed(before, epochAt, (credit) => 2n * credit.decp + 3n * credit.tecp) / ONE
  return [perDay(decp, 1n), perDay(tecp, 1n), perDay(2n * decp + 3n * tecp, 5n), weight]
}

const histories = HISTORIES.map((_, h) => {
  const { credits, readAt } = historyOf(h)
  const own = (machine: number) => credits.filter((credit) => credit.machine === machine)
  const exact = [...Array.from({ length: MACHINES }, (_, m) => own(m)), credits].flatMap((list) => [
    BigInt(list.length),
    ...exactOf(list, readAt),
  ])
  return { readAt, credits: credits.flatMap(Object.values).map(String), exact: exact.map(String) }
})
writeFileSync('test/fixtures/effective-vectors.json', `${JSON.stringify(histories)}\n`)

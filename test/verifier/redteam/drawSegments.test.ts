import { readFileSync } from 'node:fs'
import { drawnCount } from '@trainyard/verifier/drawnCount.ts'
import { id } from 'ethers'
import { expect, test } from 'vitest'
import { decksOf, drawSeats, drawSegments } from '../../helpers/drawSegments.ts'

type Vectors = {
  draws: { orderId: number; window: number; beacon: string; segments: number; picks: number[] }[]
  panel: { orderId: number; beacon: string; seats: number; picks: number[] }
}
const vectors = JSON.parse(readFileSync('test/fixtures/draw-vectors.json', 'utf8')) as Vectors

test.each(vectors.draws)('default: draws as the contracts do, $segments segments', (vector) => {
  const { orderId, window, beacon, segments, picks } = vector
  // A job in which window `window` alone has as many segments and draws as the vector: one more than it in the first
  // window, whose segment 0 is never drawn, and one more at the end.
  const segmentsPerWindow = window === 0 ? segments + 1 : segments
  const total = segmentsPerWindow * (window + 1) + 1
  const windows = Math.ceil(total / segmentsPerWindow)
  const draws = picks.length * windows
  const terms = { orderId: BigInt(orderId), segments: total, segmentsPerWindow, draws }
  const deck = decksOf(terms)[window]!
  const before = decksOf(terms)
    .slice(0, window)
    .reduce((sum, other) => sum + other.draws, 0)
  expect(deck).toEqual({ first: deck.first, segments, draws: picks.length })
  const drawn = drawSegments(terms, beacon)
  expect(drawn.slice(before, before + deck.draws).map((segment) => segment - deck.first)).toEqual(picks)
})

test('default: seats are drawn as the contracts do', () => {
  const { orderId, beacon, seats, picks } = vectors.panel
  expect(drawSeats(BigInt(orderId), seats, picks.length, beacon)).toEqual(picks)
})

test('behavior: distinct segments, the first and the last always, as many as the terms say', () => {
  for (let i = 0; i < 200; i++) {
    const segments = 1 + (i % 45)
    const segmentsPerWindow = 1 + (i % 11)
    const draws = Math.ceil(segments / segmentsPerWindow) + (i % 7)
    const late = new Set(Array.from({ length: i % 5 }, (_, w) => (w * 7 + i) % 11))
    const terms = {
      orderId: BigInt(i),
      segments,
      segmentsPerWindow,
      draws: i % 3 === 0 ? 126 - (i % 4) : draws,
      late,
    }
    const drawn = drawSegments(terms, id(`seed ${i}`))
    expect(new Set(drawn).size).toBe(drawn.length)
    expect(drawn).toContain(0)
    expect(drawn).toContain(segments - 1)
    const random = decksOf(terms).reduce((sum, deck) => sum + deck.draws, 0)
    expect(drawn.length).toBe(random + (segments > 1 ? 2 : 1))
    const windows = Array.from({ length: Math.ceil(segments / segmentsPerWindow) }, (_, w) => ({
      segments: Math.min(segmentsPerWindow, segments - w * segmentsPerWindow),
      extraDraw: late.has(w),
    }))
    expect(drawnCount({ ...terms, steps: segments, stepsPerSegment: 1 }, windows)).toBe(drawn.length)
    expect(drawn.every((segment) => segment >= 0 && segment < segments)).toBe(true)
  }
})

test('behavior: every segment of a window is drawn equally often', () => {
  const terms = { orderId: 7n, segments: 40, segmentsPerWindow: 10, draws: 10 }
  const draws = 4000
  const counts = new Array<number>(40).fill(0)
  for (let i = 0; i < draws; i++) {
    for (const segment of drawSegments(terms, id(`draw ${i}`)).slice(0, -2)) counts[segment]!++
  }
  for (const { first, segments, draws: quota } of decksOf(terms)) {
    const share = quota / segments
    const deviation = Math.sqrt(draws * share * (1 - share))
    for (let s = first; s < first + segments; s++) {
      expect(Math.abs(counts[s]! - draws * share)).toBeLessThan(5 * deviation)
    }
  }
})

import type { Order } from '@trainyard/market-ui/api/schemas.ts'
import { describe, expect, it } from 'vitest'
import { proofStatement } from '../../../market-ui/web/order/proofStatement.ts'
import { worstCaseDetection } from '../../../market-ui/web/order/worstCaseDetection.ts'

const pick = (segments: number, draws: number, windows: number): Order =>
  ({
    draws,
    totalWindows: windows,
    committedSegments: segments,
    windows: Array.from({ length: windows }, (_, index) => ({ index, segments: segments / windows })),
    audit: { outcome: 'Pending', drawn: [], panel: [], failedSegment: null },
    disputes: [],
    endedAt: 1,
  }) as unknown as Order

/** Every way to spread `faked` over the windows, tried one by one. */
const bruteForce = (order: Order, faked: number): number => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : n < k ? 0 : (choose(n - 1, k - 1) * n) / k)
  const drawn = (w: number) =>
    Math.floor((order.draws * (w + 1)) / order.totalWindows) -
    Math.floor((order.draws * w) / order.totalWindows)
  const best = (window: number, left: number): number => {
    const here = order.windows[window]
    if (here === undefined) return left === 0 ? 1 : 0
    let missed = 0
    for (let k = 0; k <= Math.min(left, here.segments); k += 1) {
      const chance = choose(here.segments - k, drawn(window)) / choose(here.segments, drawn(window))
      missed = Math.max(missed, chance * best(window + 1, left - k))
    }
    return missed
  }
  return 1 - best(0, faked)
}

describe('worstCaseDetection', () => {
  it('default: equals trying every way to spread the fakes', () => {
    for (const [segments, draws, windows] of [
      [40, 10, 8],
      [12, 3, 4],
      [20, 5, 2],
      [6, 6, 2],
    ] as const)
      for (const faked of [1, 3, Math.ceil(segments * 0.3)]) {
        const order = pick(segments, draws, windows)
        expect(worstCaseDetection(order, faked)).toBeCloseTo(bruteForce(order, faked), 12)
      }
  })

  it('behavior: a window nobody draws from hides fakes, and the figure says so', () => {
    expect(worstCaseDetection(pick(40, 4, 8), 12)).toBe(0)
  })
})

describe('proofStatement', () => {
  it('default: before an audit nothing is called proved', () => {
    expect(proofStatement(pick(40, 10, 8)).proved).toBe(
      'Nothing is proved yet. What the page shows of this run is what the seller says.',
    )
  })

  const convicted = (disputes: readonly object[]): Order =>
    ({
      ...pick(40, 10, 8),
      disputes,
      audit: { outcome: 'Fail', drawn: [], panel: [], failedSegment: 7 },
    }) as unknown as Order
  const jury = [{ found: 'unusable' }, { found: 'unusable' }, { found: 'valid' }]

  it('behavior: against a seller speaks a jury, not the panel', () => {
    const refuted = { segment: 7, sellerWins: true, found: 'valid', jury: [{ found: 'valid' }] }
    const { proved, notProved } = proofStatement(
      convicted([refuted, { segment: 7, sellerWins: false, found: 'unusable', jury }]),
    )
    expect(proved).toMatch(/^Segment 7 was challenged, and 2 of 3 jurors drawn by lot found that/)
    expect(notProved).toContain('two thirds of that jury')
  })

  it('behavior: of a pair that differs already it does not say that it may come to the same', () => {
    const twin = { orderId: '9', compared: 2, differsFrom: 1 }
    const order = { ...pick(40, 10, 8), twin } as unknown as Order
    const { notProved } = proofStatement({ ...order, audit: { ...order.audit, drawn: [], ready: false } })
    expect(notProved).toMatch(/^Order #9 came to another state from window 1 on, so one of them is wrong/)
  })

  it('behavior: what is left of the pay is said as it is', () => {
    const left = (outcome: string) => {
      const order = convicted([])
      return proofStatement({ ...order, audit: { ...order.audit, outcome } } as Order).notProved
    }
    expect(left('Fail')).toContain('nothing of this order is paid')
    expect(left('Mismatches')).toContain('nothing of this order is paid')
    for (const outcome of ['Fault', 'Mismatch'])
      expect(left(outcome)).toContain('what was committed before its window is paid')
    expect(left('NotDeterministic')).toContain('all that was committed is paid')
  })

  it('behavior: without a jury it is what the seller committed itself', () => {
    const { proved, notProved } = proofStatement(convicted([]))
    expect(proved).toContain('segment 7 contradicts itself')
    expect(notProved).not.toContain('jury')
  })

  it('behavior: an order that nobody passed and nobody convicted is not proved', () => {
    const order = pick(40, 10, 8)
    const unaudited = { ...order, audit: { ...order.audit, outcome: 'Unaudited' as const } }
    expect(proofStatement(unaudited).proved).toMatch(/^Nothing is proved\./)
  })
})

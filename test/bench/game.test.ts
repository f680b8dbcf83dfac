import { describe, expect, test } from 'vitest'
import { bestCheat, leastFee, turningPoint } from '../../bench/lib/breakingPoints.ts'
import { fakedPerWindow, missChance, sellerPayoff } from '../../bench/lib/expectedPayoffs.ts'
import { settingOf, stakesOf, tokens } from '../../bench/lib/gameSetting.ts'
import { chanceOfLyingPanels, drawJuries, juryOdds } from '../../bench/lib/juryOdds.ts'
import { quotasOf, segmentFeeWeiOf } from '../../bench/lib/payoffs.ts'
import { playOrder } from '../../bench/lib/playOrder.ts'
import { seededRandom } from '../../bench/lib/seededRandom.ts'

describe('juries', () => {
  test('default: the odds of a dispute add up, and truth and lie change places with the shares', () => {
    for (const share of [0.1, 0.5, 2 / 3, 0.9]) {
      const { right, wrong, none } = juryOdds(share)
      expect(right + wrong + none).toBeCloseTo(1, 12)
      expect(juryOdds(1 - share).wrong).toBeCloseTo(right, 12)
    }
    expect(juryOdds(1)).toMatchObject({ right: 1, wrong: 0, none: 0, shareIfRight: 1 / 6 })
    // Of five at least one liar; then of ten five or more.
    const first = 1 - 32 / 243
    const second = (252 * 32 + 210 * 16 + 120 * 8 + 45 * 4 + 10 * 2 + 1) / 3 ** 10
    expect(chanceOfLyingPanels(2 / 3)).toBeCloseTo(first * second, 12)
  })

  test('behavior: drawn juries end as the odds say', () => {
    const random = seededRandom(1)
    const ends = Array.from({ length: 20_000 }, () => drawJuries(2 / 3, random).ends)
    const odds = juryOdds(2 / 3)
    for (const end of ['right', 'wrong', 'none'] as const) {
      expect(ends.filter((each) => each === end).length / ends.length).toBeCloseTo(odds[end], 1.5)
    }
  })
})

describe('sellers', () => {
  const { order } = settingOf(1)

  test('default: one faked segment of 318 is missed but for its window’s draw', () => {
    const faked = fakedPerWindow(order, 1 / 320)
    expect(faked.reduce((a, b) => a + b, 0)).toBe(1)
    const { segments, quota } = quotasOf(order)[faked.indexOf(1)]!
    expect(missChance(order, 1 / 320)).toBeCloseTo(1 - quota / segments, 12)
    expect([missChance(order, 0), missChance(order, 1)]).toEqual([1, 0])
  })

  test('behavior: where everybody replays no way to cheat pays, where nobody does all of the training is saved', () => {
    expect(bestCheat(settingOf(1))).toBeLessThan(0)
    const lazy = settingOf(1, { diligence: 0 })
    expect(bestCheat(lazy)).toBeCloseTo(stakesOf(lazy).trainingCost, 12)
  })

  test('behavior: a fraud that is played loses stake, pay and what it trained', () => {
    const setting = settingOf(1)
    const play = { seller: 1, firstAuditor: 'honest', challenger: 'none' } as const
    const { seller, ends } = playOrder(setting, play, seededRandom(2))
    expect(ends).toBe('convicted')
    expect(seller).toBeCloseTo(sellerPayoff(setting, 1), 12)
  })
})

test('default: a drawn segment pays what honest play needs, of short orders with a third to spare for gas', () => {
  for (const hours of [0.1, 1, 100]) {
    const setting = settingOf(hours)
    const fee = tokens(segmentFeeWeiOf(setting.order, setting.parameters))
    const needed = Math.max(...Object.values(leastFee(setting)))
    expect(fee, `${hours} h`).toBeGreaterThan(hours > 1 ? needed : (4 / 3) * needed)
  }
})

test('default: a turning point is found from below; none where it never holds', () => {
  expect(turningPoint(0, 4, (x) => x * x > 2)).toBeCloseTo(Math.SQRT2, 12)
  expect(turningPoint(0, 1, (x) => x > 2)).toBeUndefined()
  expect(turningPoint(3, 4, (x) => x > 2)).toBe(3)
})

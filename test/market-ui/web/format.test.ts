import { describe, expect, it } from 'vitest'
import { formatAgo, formatSeconds } from '../../../market-ui/web/format/formatTime.ts'
import { exactDev, formatWei, shortWei } from '../../../market-ui/web/format/formatWei.ts'
import { shorten } from '../../../market-ui/web/format/shorten.ts'
import { formatNut, shortUt } from '../../../market-ui/web/market/formatUt.ts'
import { centredMean, spansDecades, thinOut } from '../../../market-ui/web/order/lossSummary.ts'
import { orderUrl, readRoute } from '../../../market-ui/web/url.ts'

it('formatNut: nano-ut to four digits', () => {
  expect(formatNut('0')).toBe('0\u00a0ut')
  expect(formatNut('2582603')).toBe('0.002583\u00a0ut')
  expect(formatNut('416666666666666')).toBe('416,700\u00a0ut')
})

it('shortUt: never longer than a column, however little a machine has done', () => {
  expect([0, 0.0012154, 1.406e-6, 99_999, 123_456].map(shortUt)).toEqual(
    ['0', '0.00122', '1.41e-6', '100,000', '1.23e5'].map((text) => `${text}\u00a0ut`),
  )
})

it('shortWei: never longer than a column, whatever a seller asks', () => {
  const short = (dev: string) => shortWei(`${dev}${'0'.repeat(18)}`)
  expect([short('3'), short('99999'), short('1234567'), short('9'.repeat(20))]).toEqual([
    '3',
    '99,999',
    '1.2M',
    '100,000,000T',
  ])
  expect(shortWei('123456789')).toBe('< 0.0001')
})

describe('formatWei', () => {
  it('default: cuts to six decimals and never shows more than there is', () => {
    expect(formatWei('3600000000000000000')).toBe('3.6')
    expect(formatWei('1999999999999999999')).toBe('1.999999')
    expect(formatWei('1234567000000000000000000')).toBe('1,234,567')
    expect(formatWei('0')).toBe('0')
    expect(formatWei('1')).toBe('< 0.000001')
    expect(exactDev('1')).toBe('0.000000000000000001 DEV')
  })
})

it('formatAgo: in the largest unit, and never from the future', () => {
  const ago = (seconds: number) => formatAgo(1_000_000 - seconds, 1_000_000).replace('\u00a0', ' ')
  expect([0, 59, 60, 7_199, 86_400 * 3, -5].map(ago)).toEqual([
    '0 s ago',
    '59 s ago',
    '1 min ago',
    '1 h ago',
    '3 d ago',
    '0 s ago',
  ])
})

describe('formatSeconds', () => {
  it('default: two largest units', () => {
    const plain = (seconds: number) => formatSeconds(seconds).replaceAll('\u00a0', ' ')
    expect([0, -5, 59, 60, 90, 3600, 3660, 90_000].map(plain)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '1 min 30 s',
      '1 h',
      '1 h 1 min',
      '1 d 1 h',
    ])
  })
})

describe('loss', () => {
  const points = [4, 2, 1, 0.1].map((loss, index) => ({ step: index + 1, loss }))

  it('default: the mean looks both ways and is shorter at the ends', () => {
    expect(centredMean(points, 1)).toEqual(
      [3, 7 / 3, 3.1 / 3, 0.55].map((value) => expect.closeTo(value, 12)),
    )
  })

  it('behavior: wide ranges call for a logarithmic axis, zero forbids one', () => {
    expect(spansDecades(points)).toBe(true)
    expect(spansDecades(points.slice(0, 3))).toBe(false)
    expect(spansDecades([...points, { step: 5, loss: 0 }])).toBe(false)
  })

  it('behavior: thinning keeps the ends', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ step: index, loss: 1 }))
    const few = thinOut(many, 10)
    expect([few.length, few[0]?.step, few.at(-1)?.step]).toEqual([10, 0, 999])
  })
})

describe('url', () => {
  it('default: addresses read back, others are unknown', () => {
    expect(readRoute(orderUrl('12'))).toEqual({ page: 'order', orderId: '12' })
    expect(readRoute('/')).toEqual({ page: 'market' })
    for (const path of ['/orders/0', '/orders/x', '/orders/1/2', '//evil', '/orders/12345678901234567'])
      expect(readRoute(path)).toEqual({ page: 'unknown' })
  })

  it('default: a shortened text keeps both ends', () => {
    expect(shorten('0x1234567890abcdef')).toBe('0x1234…cdef')
  })
})

import { expect, test } from 'vitest'
import { configSchema } from '../../../client/src/config/config.ts'
import { scheduledPrice } from '../../../client/src/setup/price/scheduledPrice.ts'

const schedule = configSchema.shape.priceSchedule.parse([
  { days: ['fri'], from: '22:00', to: '06:00', pricePerHourWei: 5 },
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', pricePerHourWei: 20 },
  { days: ['sun'], pricePerHourWei: 3 },
])
const at = (text: string, zone = 'UTC') => scheduledPrice(schedule, zone, Date.parse(text))

test('default: the first entry that holds, from its beginning to just before its end', () => {
  expect(at('2026-11-20T08:00Z')).toBe(20n) // a Friday
  expect(at('2026-11-20T17:59Z')).toBe(20n)
  expect(at('2026-11-20T18:00Z')).toBeUndefined()
  expect(at('2026-11-22T00:00Z')).toBe(3n)
  expect(at('2026-11-22T23:59Z')).toBe(3n)
})

test('behavior: an entry over midnight belongs to the day on which it begins', () => {
  expect(at('2026-11-20T22:00Z')).toBe(5n)
  expect(at('2026-11-21T05:59Z')).toBe(5n)
  expect(at('2026-11-21T06:00Z')).toBeUndefined()
  expect(at('2026-11-20T05:00Z')).toBeUndefined() // Thursday's night has none
})

test('behavior: clocks are those of the time zone, summer time included', () => {
  expect(at('2026-11-20T07:30Z', 'Europe/Berlin')).toBe(20n)
  expect(at('2026-07-17T06:30Z', 'Europe/Berlin')).toBe(20n)
  expect(at('2026-11-20T06:30Z', 'Europe/Berlin')).toBeUndefined()
})

test('behavior: no schedule says nothing', () => {
  expect(scheduledPrice([], 'UTC', 0)).toBeUndefined()
})

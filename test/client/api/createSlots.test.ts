import { expect, test } from 'vitest'
import { createSlots } from '../../../client/src/api/createSlots.ts'

const stranger = (name: string) => ({ name, isParty: false })
const party = (name: string) => ({ name, isParty: true })
const limits = { total: 4, reserved: 2, perCaller: 3 }

test('default: strangers get what is not reserved, parties all of it', () => {
  const slots = createSlots(limits)
  expect(slots.take(stranger('a'))).toBeDefined()
  expect(slots.take(stranger('b'))).toBeDefined()
  expect(slots.take(stranger('c'))).toBeUndefined()
  expect(slots.take(party('buyer'))).toBeDefined()
  expect(slots.take(party('auditor'))).toBeDefined()
  expect(slots.take(party('payer'))).toBeUndefined()
})

test('behavior: one caller gets only so many, and what is given back counts once', () => {
  const slots = createSlots(limits)
  const releases = [1, 2, 3].map(() => slots.take(party('buyer'))!)
  expect(slots.take(party('buyer'))).toBeUndefined()
  expect(slots.take(party('auditor'))).toBeDefined()
  releases[0]!()
  releases[0]!()
  expect(slots.take(party('buyer'))).toBeDefined()
  expect(slots.take(party('buyer'))).toBeUndefined()
})

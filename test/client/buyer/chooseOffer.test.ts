import { expect, test } from 'vitest'
import { chooseOffer } from '../../../client/src/buyer/chooseOffer.ts'

const offer = (offerId: string, status: string, maxSeconds: number) => ({ offerId, status, maxSeconds })

test('default: the first offer that is free and long enough', () => {
  const machines = [offer('1', 'ForRent', 60), offer('2', 'Renting', 900), offer('3', 'ForRent', 600)]
  expect(chooseOffer(machines, 600)).toBe(3n)
})

test('error: nothing is offered', () => {
  expect(() => chooseOffer([], 60)).toThrow(
    expect.objectContaining({ message: 'No machine is offered.', exitCode: 75 }),
  )
})

test('error: all offers are too short', () => {
  const machines = [offer('1', 'ForRent', 60), offer('2', 'Renting', 90)]
  expect(() => chooseOffer(machines, 600)).toThrow(
    expect.objectContaining({
      message: 'No machine offers 600 s: the longest offer is 90 s.',
      exitCode: 1,
    }),
  )
})

test('error: all machines are busy, which passes', () => {
  const machines = [offer('1', 'ForRent', 60), offer('2', 'Renting', 900)]
  expect(() => chooseOffer(machines, 600)).toThrow(
    expect.objectContaining({
      message: 'All machines that offer 600 s are busy with an order.',
      exitCode: 75,
    }),
  )
})

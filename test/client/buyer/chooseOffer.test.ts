import type { ProofMode } from '@trainyard/contracts/words.ts'
import { expect, test } from 'vitest'
import { chooseOffer } from '../../../client/src/buyer/chooseOffer.ts'

const offer = (offerId: string, status: string, maxSeconds: number, ...modes: ProofMode[]) => ({
  ...{ offerId, status, maxSeconds },
  modes: ['Bitwise' as const, ...modes],
})

test('default: the first offer that is free and long enough', () => {
  const machines = [offer('1', 'ForRent', 60), offer('2', 'Renting', 900), offer('3', 'ForRent', 600)]
  expect(chooseOffer(machines, 600, 'Bitwise')).toBe(3n)
})

test('behavior: only machines that take the mode count', () => {
  const machines = [offer('1', 'ForRent', 600), offer('2', 'ForRent', 600, 'None')]
  expect(chooseOffer(machines, 600, 'None')).toBe(2n)
  expect(() => chooseOffer(machines, 600, 'Tolerance')).toThrow(/takes orders in the mode tolerance/)
})

test('error: nothing is offered', () => {
  expect(() => chooseOffer([], 60, 'Bitwise')).toThrow(
    expect.objectContaining({ message: 'No machine is offered.', exitCode: 75 }),
  )
})

test('error: all offers are too short', () => {
  const machines = [offer('1', 'ForRent', 60), offer('2', 'Renting', 90)]
  expect(() => chooseOffer(machines, 600, 'Bitwise')).toThrow(
    expect.objectContaining({
      message: 'No machine offers 600 s: the longest offer is 90 s.',
      exitCode: 1,
    }),
  )
})

test('error: all machines are busy, which passes', () => {
  const machines = [offer('1', 'ForRent', 60), offer('2', 'Renting', 900)]
  expect(() => chooseOffer(machines, 600, 'Bitwise')).toThrow(
    expect.objectContaining({
      message: 'All machines that offer 600 s are busy with an order.',
      exitCode: 75,
    }),
  )
})

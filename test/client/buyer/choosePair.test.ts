import type { ProofMode } from '@trainyard/contracts/words.ts'
import { expect, test } from 'vitest'
import { choosePair } from '../../../client/src/buyer/choosePair.ts'

const offer = (offerId: string, seller: string, more: { status?: string; hardwareClass?: string } = {}) => ({
  ...{ offerId, seller, status: 'ForRent', maxSeconds: 600, hardwareClass: '0x01' },
  modes: ['Bitwise', 'Refereed'] as ProofMode[],
  ...more,
})

test('default: the two cheapest free machines of two sellers', () => {
  const machines = [offer('1', 'a'), offer('2', 'a'), offer('3', 'b'), offer('4', 'c')]
  expect(choosePair(machines, {}, 600)).toEqual({ offerId: 1n, secondOfferId: 3n })
  expect(choosePair(machines, { first: 3n }, 600)).toEqual({ offerId: 3n, secondOfferId: 1n })
  expect(choosePair(machines, { first: 3n, second: 4n }, 600)).toEqual({ offerId: 3n, secondOfferId: 4n })
})

test('behavior: the second one is of the same hardware class, and takes such orders', () => {
  const plain = { ...offer('3', 'c'), modes: ['Bitwise' as const] }
  const machines = [offer('1', 'a'), offer('2', 'b', { hardwareClass: '0x02' }), plain, offer('4', 'd')]
  expect(choosePair(machines, {}, 600).secondOfferId).toBe(4n)
})

test('error: no other seller, both of one seller, two classes, or all others busy', () => {
  const machines = [offer('1', 'a'), offer('2', 'a'), offer('3', 'b', { hardwareClass: '0x02' })]
  expect(() => choosePair(machines, {}, 600)).toThrow('No machine of another seller takes refereed orders')
  expect(() => choosePair(machines, { first: 1n, second: 2n }, 600)).toThrow('are of one seller')
  expect(() => choosePair(machines, { first: 1n, second: 3n }, 600)).toThrow('of two hardware classes')
  const busy = [offer('1', 'a'), offer('2', 'b', { status: 'Renting' })]
  expect(() => choosePair(busy, {}, 600)).toThrow(expect.objectContaining({ exitCode: 75 }))
})

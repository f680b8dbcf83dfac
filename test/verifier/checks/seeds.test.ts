import { expect, test } from 'vitest'
import { type Cheat, honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

const beaconAt = (window: number, beaconBlock: number): Cheat => ({
  leaf: (leaf) => (leaf.segment >> 1 === window ? { ...leaf, beaconRound: beaconBlock } : leaf),
  order(order) {
    order.windows[window]!.beaconBlock = beaconBlock
    return order
  },
})

test('error: a leaf that names another beacon than its window has', async () => {
  const dir = await honestBundle({
    leaf: (leaf) => (leaf.segment === 2 ? { ...leaf, beaconRound: leaf.beaconRound + 1 } : leaf),
  })
  expect((await expectOnly('seeds', dir)).detail).toBe('window 1: segment 2 names beacon block 16, not 15')
})

test('error: a beacon older than the commitment that it must follow', async () => {
  const { detail } = await expectOnly('seeds', await honestBundle(beaconAt(2, 20)))
  expect(detail).toBe('window 2: its beacon is older than window 0')
})

test('error: a window committed before its beacon was known', async () => {
  const { detail } = await expectOnly('seeds', await honestBundle(beaconAt(1, 30)))
  expect(detail).toBe('window 1: committed before its beacon was known')
})

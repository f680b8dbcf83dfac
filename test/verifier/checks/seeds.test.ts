import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import { toBeHex } from 'ethers'
import { expect, test } from 'vitest'
import { seedBy, seedByDrand } from '../../helpers/drandOrder.ts'
import { type Cheat, honestBundle } from '../../helpers/honestBundle.ts'
import { expectOnly } from './expectOnly.ts'

const toHexWord = (value: bigint) => toBeHex(value, 32) as Hex

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

/** Seeded by drand as it should be, but for what `change` does before the seller trains. */
const drandBundle = (change: (order: OrderRecord) => void = () => {}) =>
  honestBundle({
    chain(order) {
      seedByDrand(order)
      change(order)
    },
  })

/** Window 2, which window 0's commitment anchors at 1,800,000,120, sees round 3,041: a margin of two, and the next. */
const DUE = 3_044

test('behavior: an order that drand seeded holds, without asking anybody', async () => {
  const dir = await drandBundle((order) => expect(order.windows[2]!.beaconBlock).toBe(DUE))
  expect((await verifyBundle(dir)).checks.filter(({ status }) => status === 'fail')).toEqual([])
})

test.each([
  [
    'that was there before its window was opened',
    DUE - 40,
    `its seed is round ${DUE - 40}, and not ${DUE}, the first that was not there`,
  ],
  [
    'after the one that was due',
    DUE + 1,
    `its seed is round ${DUE + 1}, and not ${DUE}, the first that was not there`,
  ],
])('error: a true round %s', async (_, round, problem) => {
  const dir = await drandBundle((order) => seedBy(order, 2, round, order.windows[2]!.committedAt!))
  expect((await expectOnly('seeds', dir)).detail).toBe(`window 2: ${problem}`)
})

test('behavior: of a refereed order the twin may have anchored a round earlier, and never later', async () => {
  const seededAt = (round: number) =>
    drandBundle((order) => {
      order.twin = '99999'
      seedBy(order, 2, round, order.windows[2]!.committedAt!)
    })
  const { checks } = await verifyBundle(await seededAt(DUE - 5))
  expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
  expect((await expectOnly('seeds', await seededAt(DUE + 1))).detail).toContain(
    `round ${DUE + 1}, and not ${DUE}`,
  )
})

test('error: a round’s signature with one bit changed, and randomness that another round has', async () => {
  const tampered = await drandBundle((order) => {
    const [x, y] = order.windows[2]!.roundSignature!
    order.windows[2]!.roundSignature = [x, toHexWord(BigInt(y) ^ 1n)]
  })
  const notNetworks = `window 2: what it calls round ${DUE} is not the network's`
  expect((await expectOnly('seeds', tampered)).detail).toBe(notNetworks)
  const another = await drandBundle((order) => {
    seedBy(order, 2, DUE - 1, order.windows[2]!.committedAt!)
    order.windows[2]!.beaconBlock = DUE
  })
  expect((await expectOnly('seeds', another)).detail).toBe(notNetworks)
  const chosen = await drandBundle((order) => {
    order.windows[2]!.beacon = `0x${'77'.repeat(32)}`
  })
  expect((await expectOnly('seeds', chosen)).detail).toBe(notNetworks)
})

test('error: a window committed before its round was there, and one that shows no signature', async () => {
  const early = await drandBundle((order) => {
    order.windows[2]!.committedAt = 1_800_000_125
  })
  expect((await expectOnly('seeds', early)).detail).toBe('window 2: committed before its round was there')
  const silent = await drandBundle((order) => {
    delete order.windows[2]!.roundSignature
  })
  expect((await expectOnly('seeds', silent)).detail).toMatch(/not in the record/)
})

test('error: a leaf that names another round', async () => {
  const dir = await honestBundle({
    chain: seedByDrand,
    leaf: (leaf) => (leaf.segment === 2 ? { ...leaf, beaconRound: leaf.beaconRound - 1 } : leaf),
  })
  expect((await expectOnly('seeds', dir)).detail).toMatch(/^window 1: segment 2 names round \d+, not \d+$/)
})

test('behavior: of two refereed orders the smaller number seeds both, and either may have anchored a beacon', async () => {
  const pairedWith = (twin: string) =>
    honestBundle({
      ...beaconAt(2, 20),
      chain(order) {
        order.twin = twin
      },
    })
  for (const twin of ['1', '99999'])
    expect(
      (await verifyBundle(await pairedWith(twin))).checks.filter(({ status }) => status === 'fail'),
    ).toEqual([])
  const seedOf = (orderId: string, twin?: string) =>
    windowSeed({ jobSeed: toHexWord(1n), orderId, twin, window: 0, beacon: toHexWord(2n) })
  expect([seedOf('7', '8'), seedOf('8', '7')]).toEqual([seedOf('7'), seedOf('7')])
  expect(seedOf('8')).not.toBe(seedOf('7'))
})

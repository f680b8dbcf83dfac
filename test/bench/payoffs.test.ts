import { defaultParameters } from '@trainyard/contracts/deploy/defaultParameters.ts'
import { findings } from '@trainyard/contracts/findings.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { id, parseEther } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  amountsOf,
  bondWeiOf,
  type EndedOrder,
  type Outcome,
  type Payoffs,
  paidCount,
  payoffsOf,
} from '../../bench/lib/payoffs.ts'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import {
  type Account,
  type Cast,
  castOf,
  endOrder,
  judgeOrder,
  leaveUndecided,
  passDoubtedOrder,
  passOrder,
  wealthWei,
} from './endDisputed.ts'

// Uneven on purpose: every division leaves a rest.
const order: EndedOrder = {
  pricePerHourWei: parseEther('33.3') + 7n,
  maxSeconds: 1_801,
  elapsedSeconds: 1_700,
  stepMicros: 13_333_333,
  steps: 97,
  stepsPerSegment: 8,
  segmentsPerWindow: 16,
  committedSegments: 13,
  draws: 4,
  unauditedShareBps: 3_333,
}
const uneven: ParameterFacts = {
  ...defaultParameters,
  auditFeePerSegmentWei: parseEther('0.05') + 1n,
  panelCostWei: parseEther('5') + 1n,
  minSeats: 1,
}
const small = { ...order, pricePerHourWei: parseEther('0.01') }
const outcomes: Outcome[] = [
  { kind: 'passed', agreeing: 5 },
  { kind: 'passed', agreeing: 3 },
  { kind: 'passed', agreeing: 0 },
  { kind: 'convicted', jurors: 5 },
  { kind: 'convicted', jurors: 4 },
  { kind: 'fault', jurors: 5, segment: 70 },
  { kind: 'mismatch', jurors: 4, segment: 70 },
  { kind: 'mismatches', jurors: 4 },
  { kind: 'chain broken' },
  { kind: 'refuted', jurors: 4, agreeing: 5 },
  { kind: 'undecided', silentJurors: 2 },
  { kind: 'unaudited', silentAuditors: 3 },
]
const sum = (wei: bigint[]): bigint => wei.reduce((a, b) => a + b, 0n)
const changes = (p: Payoffs): bigint =>
  p.payerWei + p.sellerWei + p.challengerWei + sum(p.auditorsWei) + sum(p.jurorsWei)

describe('by arithmetic', () => {
  test('behavior: what all gain and lose together is what is burned, and nothing burned is negative', () => {
    for (const each of [order, small]) {
      for (const outcome of outcomes) {
        const payoffs = payoffsOf(each, uneven, outcome)
        expect(changes(payoffs), outcome.kind).toBe(-payoffs.burnedWei)
        expect(payoffs.burnedWei >= 0n, outcome.kind).toBe(true)
      }
    }
  })

  test('behavior: a conviction leaves the payer whole, and burns at least half of what is beyond the fees', () => {
    const { payerWei, burnedWei, sellerWei } = payoffsOf(order, uneven, { kind: 'convicted', jurors: 5 })
    const { stakeWei, auditFeeWei } = amountsOf(order, uneven)
    expect([payerWei, sellerWei]).toEqual([0n, -stakeWei])
    expect(2n * burnedWei >= stakeWei - auditFeeWei).toBe(true)
  })

  test('behavior: a small order is staked like a challenge, of a large one a challenge costs half of the stake', () => {
    const { stakeWei } = amountsOf(small, uneven)
    expect(stakeWei - bondWeiOf(small, uneven)).toBe(stakeWei % 1_000_000_000n)
    const large = { ...small, pricePerHourWei: 10_000n * small.pricePerHourWei }
    const halfWei = amountsOf(large, uneven).stakeWei / 2n
    expect(bondWeiOf(large, uneven)).toBe(halfWei - (halfWei % 1_000_000_000n))
  })

  test('behavior: a seller that has itself challenged loses, also with the whole jury its own', () => {
    const plain = payoffsOf(order, uneven, { kind: 'passed', agreeing: 5 })
    const own = payoffsOf(order, uneven, { kind: 'refuted', jurors: 5, agreeing: 5 })
    expect(own.sellerWei + own.challengerWei + sum(own.jurorsWei)).toBeLessThan(plain.sellerWei)
  })
})

describe('by the contracts', () => {
  let net: Devnet
  let cast: Cast
  beforeAll(async () => {
    const unhurried = { commitSeconds: 86_400, revealSeconds: 86_400, beaconDelayBlocks: 1 }
    net = await startDevnet({ ...uneven, ...unhurried })
    cast = await castOf(net)
  }, 120_000)
  afterAll(() => net?.stop())

  /** Everybody's change while `end` runs; jurors and auditors are told apart by who is said to have acted. */
  const changeOf = async (accounts: Account[], end: () => Promise<void>): Promise<Map<string, bigint>> => {
    const before = await Promise.all(accounts.map(wealthWei))
    await end()
    const after = await Promise.all(accounts.map(wealthWei))
    return new Map(accounts.map(({ address }, i) => [address, after[i]! - before[i]!]))
  }

  test.each([
    { name: 'passed', votes: undefined },
    { name: 'convicted', votes: { found: findings.unusable, count: 5 } },
    { name: 'convicted', votes: { found: findings.unusable, count: 4 } },
    { name: 'fault', votes: { found: id('state'), count: 5, othersHold: true } },
    { name: 'mismatch', votes: { found: id('state'), count: 5, othersHold: true } },
    { name: 'mismatches', votes: { found: findings.unusable, count: 5 } },
    { name: 'refuted', votes: { found: findings.valid, count: 5 } },
  ])(
    'default: $name as the contracts pay it',
    async ({ name, votes }) => {
      const { seller, buyer, challenger, seats } = cast
      let jurors: Account[] = []
      let auditors: Account[] = []
      let trained = order
      const seen = await changeOf([seller, buyer, challenger, ...seats], async () => {
        const orderId = await endOrder(cast, order, !name.startsWith('mismatch'))
        const { startedAt, endedAt } = await readOrder(buyer, orderId)
        trained = { ...order, elapsedSeconds: Number(endedAt) - Number(startedAt) }
        if (votes) jurors = await judgeOrder(cast, orderId, votes)
        if (name === 'passed' || name === 'refuted') auditors = await passOrder(cast, orderId)
      })
      const outcome = { kind: name, jurors: jurors.length, agreeing: auditors.length, segment: 0 } as Outcome
      const payoffs = payoffsOf(trained, uneven, outcome)

      expect(seen.get(seller.address)).toBe(payoffs.sellerWei)
      expect(seen.get(buyer.address)).toBe(payoffs.payerWei)
      expect(seen.get(challenger.address)).toBe(payoffs.challengerWei)
      for (const { address } of seats) {
        const asAuditor = payoffs.auditorsWei[auditors.findIndex((each) => each.address === address)] ?? 0n
        const asJuror = payoffs.jurorsWei[jurors.findIndex((each) => each.address === address)] ?? 0n
        expect(seen.get(address), address).toBe(asAuditor + asJuror)
      }
      expect(sum([...seen.values()])).toBe(-payoffs.burnedWei)
    },
    120_000,
  )

  test('default: of an order that one member doubted both panels are paid, as the contracts pay them', async () => {
    const { seller, buyer, seats } = cast
    let paid: Account[] = []
    let trained = order
    const seen = await changeOf([seller, buyer, ...seats], async () => {
      const orderId = await endOrder(cast, order)
      const { startedAt, endedAt } = await readOrder(buyer, orderId)
      trained = { ...order, elapsedSeconds: Number(endedAt) - Number(startedAt) }
      paid = await passDoubtedOrder(cast, orderId)
    })
    // Both panels have all five seats; six segments are drawn.
    const agreeing = paidCount(order, { larger: 5, first: 4, unpassed: 1 })
    expect(agreeing).toBe(paid.length)
    const payoffs = payoffsOf(trained, uneven, { kind: 'passed', agreeing })
    expect(seen.get(seller.address)).toBe(payoffs.sellerWei)
    expect(seen.get(buyer.address)).toBe(payoffs.payerWei)
    for (const { address } of seats) {
      const parts = payoffs.auditorsWei.filter((_, i) => paid[i]!.address === address)
      expect(seen.get(address), address).toBe(sum(parts))
    }
    expect(paidCount(order, { larger: 5, first: 4, unpassed: 2 })).toBe(5)
  }, 120_000)

  test('default: undecided as the contracts pay it, all jurors silent', async () => {
    const { seller, buyer, challenger, seats } = cast
    let silent: Account[] = []
    const seen = await changeOf([seller, buyer, challenger, ...seats], async () => {
      silent = await leaveUndecided(cast, await endOrder(cast, order))
    })
    const payoffs = payoffsOf(order, uneven, { kind: 'undecided', silentJurors: silent.length })
    expect(silent).toHaveLength(5)
    expect(seen.get(seller.address)).toBe(payoffs.sellerWei)
    expect(seen.get(buyer.address)).toBe(payoffs.payerWei)
    expect(seen.get(challenger.address)).toBe(payoffs.challengerWei)
    expect(silent.map(({ address }) => seen.get(address))).toEqual(payoffs.jurorsWei)
    expect(sum([...seen.values()])).toBe(-payoffs.burnedWei)
  }, 120_000)
})

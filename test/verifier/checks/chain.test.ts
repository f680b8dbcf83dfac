import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bond } from '@trainyard/contracts/bond.ts'
import { challenge } from '@trainyard/contracts/challenge.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { findings as findingWords } from '@trainyard/contracts/findings.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import { readBundle } from '@trainyard/verifier/bundle/read.ts'
import { readOrderRecord } from '@trainyard/verifier/bundle/readOrderRecord.ts'
import { checkChain } from '@trainyard/verifier/checks/chain.ts'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { signedBallot } from '../../helpers/signedBallot.ts'
import { startTestSeller, type TestSeller } from '../watch/testSeller.ts'
import { startTestStore, type TestStore } from '../watch/testStore.ts'

let net: Devnet
let store: TestStore
let seller: TestSeller
let auditor: Awaited<ReturnType<Devnet['account']>>
let record: OrderRecord
const dir = mkdtempSync(join(tmpdir(), 'trainyard-chain-'))

beforeAll(async () => {
  net = await startDevnet()
  store = await startTestStore()
  auditor = await net.account(2)
  await deposit(auditor, { amountWei: parseEther('5000') })
  await bond(auditor, { amountWei: parseEther('5000') })
  await takeSeat(auditor, { hardwareClass: hardwareClassOf('canonical') })
  seller = await startTestSeller(net, store)
  const { orderId } = await seller.runOrder()
  await net.mine(3)
  record = await readOrderRecord(seller.account, orderId)
})
afterAll(async () => {
  await seller?.close()
  await store?.close()
  await net?.stop()
  rmSync(dir, { recursive: true })
})

/** What the check says about an order.json with these changes. */
function findings(changes: Partial<OrderRecord>, rpcUrl: string | undefined = net.rpcUrl) {
  writeFileSync(join(dir, 'order.json'), canonicalBytes({ ...record, ...changes }))
  return checkChain(readBundle(dir), rpcUrl)
}

test('default', async () => {
  expect(record).toMatchObject({ status: 'Auditing', closeReason: 10000, orderId: '1' })
  expect(record.windows.length).toBe(4)
  expect(record.windows.every(({ evidence }) => evidence.startsWith('b'))).toBe(true)
  expect(await findings({})).toEqual([])
})

test('behavior: addresses may be in any case', async () => {
  expect(await findings({ seller: record.seller.toLowerCase() as OrderRecord['seller'] })).toEqual([])
})

test('behavior: a record made while windows were still coming stands', async () => {
  const early = {
    status: 'Training',
    closeReason: 0,
    windows: record.windows.slice(0, 2),
    drawn: [],
  } as const
  expect(await findings({ ...early, windows: [...early.windows], drawn: [] })).toEqual([])
})

test.for<[string, (order: OrderRecord) => Partial<OrderRecord>]>([
  ['buyer', (order) => ({ buyer: order.seller })],
  ['jobHash', () => ({ jobHash: `0x${'12'.repeat(32)}` })],
  ['terms', (order) => ({ terms: { ...order.terms, stepMicros: 1 } })],
  ['drawn', (order) => ({ drawn: order.drawn.slice(1) })],
  [
    'windows',
    ({ windows: [first, ...rest] }) => ({
      windows: [{ ...first!, beacon: `0x${'ab'.repeat(32)}` }, ...rest],
    }),
  ],
  ['windows', ({ windows: [first, ...rest] }) => ({ windows: [{ ...first!, evidence: 'bafy' }, ...rest] })],
])('error: %s is not what the chain says', async ([field, change]) => {
  expect(await findings(change(record))).toEqual([
    { status: 'fail', detail: `${field} is not what the chain says` },
  ])
})

test('behavior: no node, or another chain, leaves it undecided', async () => {
  const [silent] = await findings({}, 'http://127.0.0.1:9')
  expect(silent?.status).toBe('undecided')
  const [other] = await findings({ genesisHash: `0x${'12'.repeat(32)}` })
  expect(other).toMatchObject({ status: 'undecided' })
  expect(other?.detail).toContain('first block')
})

test('behavior: without a node it says that nothing was compared', async () => {
  expect(await checkChain(readBundle(dir), undefined)).toMatchObject([{ status: 'not-compared' }])
})

/** Somebody challenges, the seller says nothing, and the one auditor is the jury. */
async function settleAsFraud(orderId: bigint): Promise<void> {
  const challenger = await net.account(3)
  await deposit(challenger, { amountWei: parseEther('100') })
  await bond(challenger, { amountWei: parseEther('100') })
  const { disputeId } = await challenge(challenger, { orderId, segment: 0 })
  await net.advance(devnetParameters.revealSeconds / 4)
  await drawJury(challenger, { disputeId }) // fixes the block
  await net.mine(2)
  await drawJury(challenger, { disputeId })
  const ballots = [await signedBallot(auditor, { disputeId, round: 0, found: findingWords.unusable })]
  await resolve(auditor, { disputeId, ballots })
}

// Last: it settles the order of all tests before it.
test('error: a record from before the verdict does not hide that the order was settled as fraud', async () => {
  await settleAsFraud(BigInt(record.orderId))
  const early = { windows: record.windows.slice(0, 2), drawn: [], resultCid: '' }
  const details = (await findings({ ...early, status: 'Training', closeReason: 0 })).map(
    ({ status, detail }) => `${status}: ${detail}`,
  )
  expect(details).toContain('fail: status is not what the chain says: Failed (FRAUD_PROVED)')
  expect(details).toContain('fail: windows is not what the chain says')
  expect(details).toContain('fail: drawn is not what the chain says')
  const settled = await readOrderRecord(seller.account, BigInt(record.orderId))
  expect(settled).toMatchObject({ status: 'Failed' })
  expect(await findings(settled)).toEqual([])
})

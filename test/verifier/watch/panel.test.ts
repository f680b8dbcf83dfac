import { bond } from '@trainyard/contracts/bond.ts'
import { commitVerdicts } from '@trainyard/contracts/commitVerdicts.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { revealVerdicts } from '@trainyard/contracts/revealVerdicts.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { positionsIn, verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import { id } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../client/rig/until.ts'
import { type Devnet, startDevnet } from '../../helpers/devnet.ts'
import { createTestAuditor, type TestAuditor } from './testAuditor.ts'
import { startTestSeller, type TestSeller } from './testSeller.ts'
import { startTestStore, type TestStore } from './testStore.ts'

const TICK_MS = 250
const PHASE_SECONDS = 600
vi.setConfig({ testTimeout: 90_000 })

let net: Devnet
let store: TestStore
let seller: TestSeller
let auditors: TestAuditor[]
let ticker: NodeJS.Timeout

beforeAll(async () => {
  net = await startDevnet({ commitSeconds: PHASE_SECONDS, revealSeconds: PHASE_SECONDS })
  store = await startTestStore()
  seller = await startTestSeller(net, store)
  auditors = await Promise.all([0, 1, 2].map(() => createTestAuditor(net, store.url)))
  await Promise.all(auditors.map((auditor) => auditor.start()))
  ticker = setInterval(() => void net.mine().catch(() => undefined), TICK_MS)
})
afterAll(async () => {
  clearInterval(ticker)
  await Promise.all((auditors ?? []).map((auditor) => auditor.dispose()))
  await seller?.close()
  await store?.close()
  await net?.stop()
})

async function eventsOf(orderId: bigint) {
  const { blockNumber } = await readHead(seller.account)
  const events = await readEvents(seller.account, net.deployment.deployedBlock, blockNumber)
  return events.filter(({ args }) => 'orderId' in args && args.orderId === orderId).map(({ name }) => name)
}

/** Says at once that this one drawn segment of its share is not served, and passes the rest. */
async function doubt(member: Awaited<ReturnType<Devnet['account']>>, orderId: bigint): Promise<number> {
  const { segments, panel } = await until(async () => {
    const draw = await readDraw(member, orderId)
    return draw.ready ? draw : undefined
  })
  const { shares } = await readShares(member, orderId)
  const share = shares[panel.indexOf(member.address)]!
  const [doubted] = positionsIn(share)
  const verdicts = share + (2n << BigInt(2 * doubted!)) // 3: unavailable
  const secret = { orderId, verdicts, salt: id('salt'), report: 'bafkreport' }
  const commitment = verdictCommitment({ ...secret, auditor: member.address })
  await commitVerdicts(member, { orderId, commitment })
  await until(async () => ((await readAudit(member, orderId)).committed === panel.length ? true : undefined))
  await revealVerdicts(member, secret)
  return segments[doubted!]!
}

/** Of its share it cannot come to every state by itself: that takes the last segment of the window before. */
async function orderInWhichItNeedsTheSeller({ address }: TestAuditor): Promise<bigint> {
  for (;;) {
    const { orderId } = await seller.runOrder()
    await net.mine(3)
    const { segments, panel } = await readDraw(seller.account, orderId)
    const { shares } = await readShares(seller.account, orderId)
    const own = positionsIn(shares[panel.indexOf(address)]!).map((position) => segments[position]!)
    if (!own.includes(1) && own.some((segment) => segment > 1)) return orderId
  }
}

async function settledBy(some: readonly TestAuditor[], orderId: bigint): Promise<void> {
  const settled = some.map((auditor) =>
    auditor.until('settled', ({ event, orderId: id }) => event === 'settled' && id === String(orderId)),
  )
  await Promise.any(settled)
  for (const other of settled) other.catch(() => {})
}

test('default: a panel of three reveals after the last commitment, settles once and is paid', async () => {
  const { orderId } = await seller.runOrder()
  await settledBy(auditors, orderId)
  expect((await readOrder(seller.account, orderId)).status).toBe('Completed')
  const names = await eventsOf(orderId)
  const count = (name: string) => names.filter((each) => each === name).length
  expect([count('VerdictsCommitted'), count('VerdictsRevealed'), count('OrderSettled')]).toEqual([3, 3, 1])
  expect(names.lastIndexOf('VerdictsCommitted')).toBeLessThan(names.indexOf('VerdictsRevealed'))
  const paid = await Promise.all(auditors.map(({ address }) => readFree(seller.account, address)))
  expect(paid.every((wei) => wei > 0n)).toBe(true)
})

test('behavior: whom alone the seller does not serve says so twice, challenges nobody, and keeps its stake', async () => {
  const cut = auditors[0]!
  seller.refused.add(cut.address)
  const { activeWei } = await readBond(seller.account, cut.address)
  const orderId = await orderInWhichItNeedsTheSeller(cut)
  const linesOf = (auditor: TestAuditor, name: string) =>
    auditor.lines.filter(({ event, orderId: id }) => event === name && id === String(orderId))
  const said = async (auditor: TestAuditor, name: string, count: number) =>
    until(async () => (linesOf(auditor, name).length >= count ? true : undefined), 60_000)
  await cut.untilStderr(`"orderId":"${orderId}","tries":3`)
  await net.advance(PHASE_SECONDS / 2)
  await Promise.all(auditors.map((each) => said(each, 'revealed', 1)))
  await said(cut, 'published', 1) // by then it would have challenged
  await net.advance(1.5 * PHASE_SECONDS)
  await Promise.all(auditors.slice(1).map((each) => said(each, 'committed', 2)))
  await net.advance(0.7 * PHASE_SECONDS)
  await settledBy(auditors, orderId)
  seller.refused.delete(cut.address)
  expect(linesOf(cut, 'audit').filter(({ verdict }) => verdict === 'unavailable')).not.toHaveLength(0)
  expect(await readOrder(seller.account, orderId)).toMatchObject({ status: 'Completed', slashedWei: 0n })
  expect((await eventsOf(orderId)).filter((name) => /Disput|Challeng/.test(name))).toEqual([])
  expect((await readBond(seller.account, cut.address)).activeWei).toBe(activeWei)
})

test('behavior: one that dies after the draw holds nobody up, and loses its seat', async () => {
  const { orderId } = await seller.runOrder({ beforeEnd: () => void auditors[0]!.kill() })
  const others = auditors.slice(1)
  for (const auditor of others) {
    await auditor.until(
      'committed',
      ({ event, orderId: id }) => event === 'committed' && id === String(orderId),
    )
  }
  expect((await readDraw(seller.account, orderId)).panel).toHaveLength(3)
  await net.advance(PHASE_SECONDS)
  for (const auditor of others) {
    await auditor.until(
      'revealed',
      ({ event, orderId: id }) => event === 'revealed' && id === String(orderId),
    )
  }
  // What only the dead one had nobody has passed: the larger panel has that alone.
  await net.advance(PHASE_SECONDS)
  await settledBy(others, orderId)
  expect((await readOrder(seller.account, orderId)).status).toBe('Completed')
  expect((await readBond(seller.account, auditors[0]!.address)).activeWei).toBe(0n)
})

test('behavior: a segment that one says is not served goes to the larger panel, and nothing else', async () => {
  const doubter = await net.account(7)
  const { seatStakeWei } = devnetParameters
  await deposit(doubter, { amountWei: seatStakeWei })
  await bond(doubter, { amountWei: seatStakeWei })
  await takeSeat(doubter, { hardwareClass: hardwareClassOf('canonical') })
  const others = auditors.slice(1)
  const { orderId } = await seller.runOrder()
  const segment = await doubt(doubter, orderId)
  const linesOf = ({ lines }: TestAuditor, name: string) =>
    lines.filter(({ event, orderId: id }) => event === name && id === String(orderId))
  for (const auditor of others) {
    await auditor.until(
      'revealed',
      ({ event, orderId: id }) => event === 'revealed' && id === String(orderId),
    )
  }
  const before = others.map((auditor) => linesOf(auditor, 'audit').length)
  await net.advance(2 * PHASE_SECONDS)
  await Promise.all(
    others.map((auditor) =>
      until(async () => (linesOf(auditor, 'committed').length === 2 ? true : undefined)),
    ),
  )
  await net.advance(PHASE_SECONDS) // the doubter says nothing now
  await settledBy(others, orderId)
  expect((await readOrder(seller.account, orderId)).status).toBe('Completed')
  for (const [i, auditor] of others.entries()) {
    expect(
      linesOf(auditor, 'audit')
        .slice(before[i])
        .map((line) => line.segment),
    ).toEqual([segment])
  }
})

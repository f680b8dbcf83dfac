import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { commitVerdicts } from '@trainyard/contracts/commitVerdicts.ts'
import { commitWindow } from '@trainyard/contracts/commitWindow.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { drawDigest } from '@trainyard/contracts/drawDigest.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { quote } from '@trainyard/contracts/quote.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readDrawBeacon } from '@trainyard/contracts/readDrawBeacon.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { revealVerdicts } from '@trainyard/contracts/revealVerdicts.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import { signPayOrder } from '@trainyard/contracts/signPayOrder.ts'
import { signVerdicts } from '@trainyard/contracts/signVerdicts.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { submitVerdicts } from '@trainyard/contracts/submitVerdicts.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import {
  packVerdicts,
  positionsIn,
  unpackVerdicts,
  verdictCommitment,
} from '@trainyard/contracts/verdictCommitment.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { id, parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { sampleTerms } from './sampleTerms.ts'

const canonical = hardwareClassOf('canonical')
let net: Devnet
let seller: Awaited<ReturnType<Devnet['account']>>
let buyer: typeof seller
let auditor: typeof seller
let offerId: bigint
let machineId: bigint

beforeAll(async () => {
  net = await startDevnet()
  ;[seller, buyer, auditor] = await Promise.all([net.account(0), net.account(1), net.account(2)])
  await deposit(auditor, { amountWei: parseEther('200') })
  await bond(auditor, { amountWei: parseEther('200') })
  await takeSeat(auditor, { hardwareClass: canonical })
  await deposit(seller, { amountWei: parseEther('1000') })
  await bond(seller, { amountWei: parseEther('1000') })
  const added = await addMachine(seller, {
    specHash: id('spec'),
    specUri: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    hardwareClass: canonical,
    endpoint: 'http://127.0.0.1:1',
  })
  machineId = added.machineId
  const expiresAt = Number.MAX_SAFE_INTEGER
  const pricePerHourWei = parseEther('3.6')
  const made = await makeOffer(seller, {
    machineId,
    pricePerHourWei,
    minSeconds: 60,
    maxSeconds: 3600,
    expiresAt,
  })
  offerId = made.offerId
})
afterAll(() => net?.stop())

test('default: an order from offer to settlement through the bindings', async () => {
  expect(await hasSeat(auditor, canonical, auditor.address)).toBe(true)
  expect(await readOffer(buyer, offerId)).toMatchObject({
    machineId,
    open: true,
    minSeconds: 60,
    seller: seller.address,
  })
  const order = sampleTerms(offerId)
  const price = await quote(buyer, order)
  expect(price.escrowWei).toBe(parseEther('0.6'))
  const before = (await readToken(buyer, buyer.address)).balanceWei
  const { orderId } = await placeOrder(buyer, { terms: order, jobCid: 'bafkjob' })
  expect((await readToken(buyer, buyer.address)).balanceWei).toBe(
    before - price.escrowWei - price.auditFeeWei,
  )
  expect(await readOrder(buyer, orderId)).toMatchObject({
    status: 'Preparing',
    buyer: buyer.address,
    payer: buyer.address,
    seller: seller.address,
    escrowWei: price.escrowWei,
    terms: { steps: 8, mode: 'Bitwise', vouched: true, jobHash: id('job') },
  })
  expect((await readMachine(buyer, machineId)).status).toBe('Renting')
  expect((await readBond(buyer, seller.address)).reservedWei).toBe(price.stakeWei)

  await startOrder(seller, { orderId })
  for (let index = 0; index < 2; index++) {
    await net.mine(2)
    const window = {
      root: id(`root${index}`),
      segments: 2,
      lastStateRoot: id(`state${index}`),
      evidence: 'bafkevidence',
    }
    const { value: beacon } = await readBeacon(buyer, orderId, index)
    const sent = await commitWindow(seller, { orderId, index, beacon, ...window })
    expect(await readWindow(buyer, orderId, index)).toMatchObject({
      amendment: 0,
      extraDraw: false,
      ...window,
      blockNumber: sent.blockNumber,
      committedAt: (await buyer.runner.provider?.getBlock(sent.blockNumber))?.timestamp,
    })
    expect((await readBeacon(buyer, orderId, index)).value).not.toBe(`0x${'0'.repeat(64)}`)
  }
  expect(await readWindowCount(buyer, orderId)).toBe(2)
  await net.advance(10)
  await orderCompleted(seller, { orderId, resultCid: 'bafkresult' })
  await net.mine(2)

  const draw = await readDraw(auditor, orderId)
  expect(draw.ready).toBe(true)
  expect(draw.panel).toEqual([auditor.address])
  expect(draw.segments).toContain(0)
  expect(draw.segments).toContain(3)
  expect(draw.segments.every((segment) => typeof segment === 'number')).toBe(true)
  const verdicts = packVerdicts(draw.segments.map(() => 'pass'))
  const secret = { orderId, verdicts, report: 'bafkreport', salt: id('salt') }
  await commitVerdicts(auditor, {
    orderId,
    commitment: verdictCommitment({ ...secret, auditor: auditor.address }),
  })
  expect(await readAudit(auditor, orderId)).toMatchObject({ outcome: 'Pending', committed: 1, revealed: 0 })
  await revealVerdicts(auditor, secret)
  expect((await readAudit(auditor, orderId)).outcome).toBe('Pass')
  await expect(settleOrder(buyer, { orderId })).rejects.toMatchObject({ errorName: 'MarketTooEarly' })
  await net.advance(devnetParameters.challengeSeconds)
  const settled = await settleOrder(buyer, { orderId })
  expect(settled.events.map(({ name }) => name)).toContain('OrderSettled')
  const facts = await readOrder(buyer, orderId)
  expect(facts).toMatchObject({ status: 'Completed', closeReason: 10000 })
  expect(facts.paidWei + facts.refundedWei).toBeGreaterThan(0n)

  const free = await readFree(seller, seller.address)
  expect(free).toBeGreaterThan(0n)
  await withdraw(seller, { amountWei: free })
  expect(await readFree(seller, seller.address)).toBe(0n)
})

test('behavior: events of all pallets come back typed and in order', async () => {
  const { blockNumber } = await readHead(buyer)
  const events = await readEvents(buyer, net.deployment.deployedBlock, blockNumber)
  const names = events.map(({ name }) => name)
  const life = [
    'OrderPlaced',
    'OrderStarted',
    'WindowCommitted',
    'OrderEnded',
    'PanelDrawn',
    'VerdictsRevealed',
    'OrderSettled',
  ]
  const positions = life.map((name) => names.indexOf(name as (typeof names)[number]))
  expect(positions).toEqual([...positions].sort((a, b) => a - b))
  expect(positions[0]).toBeGreaterThan(-1)
  const places = events.map((event) => event.blockNumber * 1e4 + event.logIndex)
  expect(places).toEqual([...places].sort((a, b) => a - b))
  for (const event of events) {
    if (event.name === 'OrderSettled') expect(event.args.status).toBe('Completed')
    if (event.name === 'WindowCommitted') expect(event.args.index).toBeTypeOf('number')
    if (event.name === 'VerdictsRevealed')
      expect(unpackVerdicts(event.args.verdicts, 2)).toEqual(['pass', 'pass'])
    if (event.name === 'Held') expect(event.args.reason).toMatch(/Escrow|Stake/)
  }
  expect(await readEvents(buyer, blockNumber + 1, blockNumber)).toEqual([])
})

test('behavior: a whole panel passes with one transaction of anyone, and is paid when nobody challenged', async () => {
  const { orderId } = await placeOrder(buyer, { terms: sampleTerms(offerId), jobCid: 'bafkjob' })
  await startOrder(seller, { orderId })
  for (let index = 0; index < 2; index++) {
    await net.mine(2)
    const roots = { root: id(`root${index}`), lastStateRoot: id(`state${index}`) }
    const window = { ...roots, segments: 2, evidence: 'bafkevidence' }
    await expect(
      commitWindow(seller, { orderId, index, ...window, beacon: id('reorganised') }),
    ).rejects.toMatchObject({ errorName: 'WindowsBeaconChanged' })
    const { value: beacon } = await readBeacon(buyer, orderId, index)
    await commitWindow(seller, { orderId, index, ...window, beacon })
  }
  await net.advance(10)
  await orderCompleted(seller, { orderId, resultCid: 'bafkresult' })
  expect((await readDrawBeacon(buyer, orderId)).position).toBeGreaterThan(0)
  await net.mine(2)
  const { segments, panel } = await readDraw(buyer, orderId)
  expect(panel).toEqual([auditor.address])
  const { draw, shares } = await readShares(buyer, orderId)
  expect(shares.map(positionsIn)).toEqual([segments.map((_, position) => position)])
  expect(draw).toBe(
    drawDigest((await readDrawBeacon(buyer, orderId)).value.slice(0, 26).padEnd(66, '0'), panel),
  )
  const verdicts = packVerdicts(segments.map(() => 'pass'))
  const secret = { orderId, verdicts, report: 'bafkreport', salt: id('salt') }
  const commitment = verdictCommitment({ ...secret, auditor: auditor.address })
  const signature = await signVerdicts(auditor, auditor.wallet, { orderId, round: 0, draw, commitment })
  const forged = [{ ...secret, verdicts: verdicts + 1n, signature }]
  await expect(submitVerdicts(buyer, { orderId, openings: forged })).rejects.toMatchObject({
    errorName: 'ProofsBadReveal',
  })
  const sent = await submitVerdicts(buyer, { orderId, openings: [{ ...secret, signature }] })
  expect(sent.events.map(({ name }) => name)).toEqual(['DrawSeeded', 'VerdictsRevealed', 'AuditPassed'])
  await expect(settleOrder(buyer, { orderId })).rejects.toMatchObject({
    errorName: 'ProofsStillChallengeable',
  })
  await net.advance(devnetParameters.challengeSeconds)
  const settled = await settleOrder(buyer, { orderId })
  expect(settled.events.map(({ name }) => name)).toEqual(expect.arrayContaining(['OrderSettled', 'PaidOut']))
  for (const event of settled.events) {
    if (event.name === 'PaidOut' && event.args.reason === 'Escrow') {
      expect(event.args.payouts.map(({ to }) => to)).toContain(auditor.address)
    }
  }
  expect(await readOrder(buyer, orderId)).toMatchObject({ status: 'Completed' })
  expect(await readAudit(buyer, orderId)).toMatchObject({ outcome: 'Pass' })
  expect(await readDraw(buyer, orderId)).toMatchObject({ ready: true, segments })
  expect((await readDrawBeacon(buyer, orderId)).position).toBe(0)
})

test('behavior: another account pays by signature', async () => {
  const payer = await net.account(3)
  const order = sampleTerms(offerId)
  const { escrowWei, auditFeeWei } = await quote(buyer, order)
  const deadline = BigInt((await readHead(buyer)).timestamp + 600)
  const args = {
    buyer: buyer.address,
    jobHash: order.jobHash,
    machineId,
    maxTotalWei: escrowWei + auditFeeWei,
    deadline,
  }
  const payment = await signPayOrder(payer, payer.wallet, args)
  const { orderId } = await placeOrder(buyer, { terms: order, jobCid: 'bafkjob', payment })
  expect((await readOrder(buyer, orderId)).payer).toBe(payer.address)
})

test('error: refusals name the contract’s error, its arguments and what to do', async () => {
  const error = await startOrder(buyer, { orderId: 2n }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ChainError)
  expect(error).toMatchObject({
    errorName: 'MarketNotSeller',
    args: { orderId: 2n, caller: buyer.address },
    moneyMoved: false,
    suggestion: 'Use the seller’s account.',
  })
  expect(await readWindow(buyer, 999n, 0)).toBeUndefined()
})

test('error: an error that another pallet threw is named, too', async () => {
  const poor = await net.account(4)
  const error = await bond(poor, { amountWei: 1n }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ errorName: 'BalancesInsufficientFree', args: { freeWei: 0n, neededWei: 1n } })
})

test('behavior: many sends at once from one account take their turns, also after a refusal', async () => {
  const account = await net.account(5)
  const amounts = [1n, 2n, 3n, 4n]
  const sends = amounts.map((amountWei) => deposit(account, { amountWei }))
  const refused = withdraw(account, { amountWei: parseEther('1') })
  const after = deposit(account, { amountWei: 5n })
  await expect(refused).rejects.toThrow('BalancesInsufficientFree')
  await Promise.all([...sends, after])
  expect(await readFree(account, account.address)).toBe(15n)
})

import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { cancelOffer } from '@trainyard/contracts/cancelOffer.ts'
import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { expireOrder } from '@trainyard/contracts/expireOrder.ts'
import { freeSeatStake } from '@trainyard/contracts/freeSeatStake.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { leaveSeat } from '@trainyard/contracts/leaveSeat.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { modesIn } from '@trainyard/contracts/modesMask.ts'
import { orderFailed } from '@trainyard/contracts/orderFailed.ts'
import { pinDraw } from '@trainyard/contracts/pinDraw.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readHeld } from '@trainyard/contracts/readHeld.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { readMachineCount } from '@trainyard/contracts/readMachineCount.ts'
import { readOffer } from '@trainyard/contracts/readOffer.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readOrderCount } from '@trainyard/contracts/readOrderCount.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { readSeatCount } from '@trainyard/contracts/readSeatCount.ts'
import { removeMachine } from '@trainyard/contracts/removeMachine.ts'
import { setEndpoint } from '@trainyard/contracts/setEndpoint.ts'
import { setModes } from '@trainyard/contracts/setModes.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { approveBalances, readToken } from '@trainyard/contracts/token.ts'
import { unbond } from '@trainyard/contracts/unbond.ts'
import { withdrawUnbonded } from '@trainyard/contracts/withdrawUnbonded.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { id, parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { sampleTerms } from './sampleTerms.ts'

const hardwareClass = hardwareClassOf('canonical')
let net: Devnet
let seller: Awaited<ReturnType<Devnet['account']>>
let buyer: typeof seller
let auditor: typeof seller

beforeAll(async () => {
  net = await startDevnet()
  ;[seller, buyer, auditor] = await Promise.all([net.account(0), net.account(1), net.account(2)])
  for (const account of [seller, auditor]) {
    await deposit(account, { amountWei: parseEther('2000') })
    await bond(account, { amountWei: parseEther('2000') })
  }
  await takeSeat(auditor, { hardwareClass })
})
afterAll(() => net?.stop())

async function offer() {
  const facts = { specHash: id('spec'), specUri: 'spec', hardwareClass, endpoint: 'http://127.0.0.1:1' }
  const { machineId } = await addMachine(seller, facts)
  const price = {
    pricePerHourWei: parseEther('36'),
    minSeconds: 60,
    maxSeconds: 3600,
    expiresAt: 4_000_000_000,
  }
  const { offerId } = await makeOffer(seller, { machineId, ...price })
  return { machineId, offerId }
}

async function order() {
  const { offerId } = await offer()
  return placeOrder(buyer, { terms: sampleTerms(offerId), jobCid: 'bafkjob' })
}

const end = async (orderId: bigint) => {
  const { status, closeReason } = await readOrder(buyer, orderId)
  return { status, reason: closeReasonName(closeReason) }
}

test('default: machines and offers come and go', async () => {
  const { machineId, offerId } = await offer()
  expect(await readMachineCount(buyer)).toBeGreaterThanOrEqual(machineId)
  expect((await readMachine(buyer, machineId)).status).toBe('ForRent')
  await setEndpoint(seller, { machineId, endpoint: 'https://machine.example' })
  expect((await readMachine(buyer, machineId)).endpoint).toBe('https://machine.example')
  expect(modesIn((await readMachine(buyer, machineId)).modes)).toEqual(['Bitwise'])
  await setModes(seller, { machineId, modes: ['None', 'Bitwise'] })
  expect(modesIn((await readMachine(buyer, machineId)).modes)).toEqual(['None', 'Bitwise'])
  await cancelOffer(seller, { offerId })
  expect((await readOffer(buyer, offerId)).open).toBe(false)
  await removeMachine(seller, { machineId })
  expect((await readMachine(buyer, machineId)).status).toBe('None')
})

test('behavior: stake leaves by unbonding, seats can be left', async () => {
  const { seatStakeWei, unbondingSeconds, commitSeconds, revealSeconds, challengeSeconds } =
    await readParameters(auditor)
  expect(await readBond(auditor, auditor.address)).toMatchObject({ reservedWei: seatStakeWei })
  await leaveSeat(auditor, { hardwareClass })
  expect(await hasSeat(auditor, hardwareClass, auditor.address)).toBe(false)
  await expect(freeSeatStake(auditor, { hardwareClass })).rejects.toThrow('StakingTooEarly')
  await net.advance(2 * commitSeconds + 4 * revealSeconds + challengeSeconds + 1)
  await freeSeatStake(auditor, { hardwareClass })
  await unbond(auditor, { amountWei: 5n })
  await expect(withdrawUnbonded(auditor)).rejects.toThrow('StakingNothingToWithdraw')
  await net.advance(unbondingSeconds + 1)
  await withdrawUnbonded(auditor)
  expect((await readBond(auditor, auditor.address)).unbondingWei).toBe(0n)
  await takeSeat(auditor, { hardwareClass })
  expect(await readSeatCount(auditor, hardwareClass)).toBe(1n)
})

test('behavior: an order ends early in each of the ways there are', async () => {
  const cancelled = await order()
  expect(await readOrderCount(buyer)).toBe(cancelled.orderId)
  const { escrowWei, auditFeeWei } = await readOrder(buyer, cancelled.orderId)
  expect(await readHeld(buyer, buyer.address, 'Escrow')).toBe(escrowWei + auditFeeWei)
  await cancelOrder(buyer, { orderId: cancelled.orderId })
  expect(await end(cancelled.orderId)).toEqual({ status: 'Cancelled', reason: 'BUYER_CANCELLED' })

  const failed = await order()
  await startOrder(seller, { orderId: failed.orderId })
  await net.mine(2)
  await expect(pinDraw(buyer, { orderId: failed.orderId })).rejects.toMatchObject({
    errorName: 'ProofsNotAuditing',
  })
  await orderFailed(seller, { orderId: failed.orderId, reason: 'JOB_INVALID' })
  expect(await end(failed.orderId)).toEqual({ status: 'Failed', reason: 'JOB_INVALID' })

  const expired = await order()
  await expect(expireOrder(buyer, { orderId: expired.orderId })).rejects.toMatchObject({
    errorName: 'MarketTooEarly',
  })
  await net.advance(61)
  await expireOrder(auditor, { orderId: expired.orderId })
  expect(await end(expired.orderId)).toEqual({ status: 'Expired', reason: 'SELLER_DID_NOT_START' })
})

test('behavior: with an allowance no permit is needed', async () => {
  await approveBalances(buyer)
  const { allowanceWei } = await readToken(buyer, buyer.address)
  expect(allowanceWei).toBeGreaterThan(parseEther('1000000'))
  const { events } = await deposit(buyer, { amountWei: 7n })
  expect(events.map(({ name }) => name)).toEqual(['Deposited'])
})

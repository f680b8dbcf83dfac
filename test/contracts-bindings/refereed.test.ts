import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { beaconWord } from '@trainyard/contracts/beaconWord.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { openWindow } from '@trainyard/contracts/openWindow.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { passAgreed } from '@trainyard/contracts/passAgreed.ts'
import { pinDraw } from '@trainyard/contracts/pinDraw.ts'
import { type OrderTerms, placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { placeRefereed } from '@trainyard/contracts/placeRefereed.ts'
import { readAgreed } from '@trainyard/contracts/readAgreed.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readAwaitedRounds } from '@trainyard/contracts/readAwaitedRounds.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readOpenable } from '@trainyard/contracts/readOpenable.ts'
import { readOpened } from '@trainyard/contracts/readOpened.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readTwin } from '@trainyard/contracts/readTwin.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { sealedDigest } from '@trainyard/contracts/sealedDigest.ts'
import { sealWindow } from '@trainyard/contracts/sealWindow.ts'
import { setModes } from '@trainyard/contracts/setModes.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { id, parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { sampleTerms } from './sampleTerms.ts'

const hardwareClass = hardwareClassOf('canonical')
let net: Devnet
let buyer: Awaited<ReturnType<Devnet['account']>>
let auditor: typeof buyer
let sellers: [typeof buyer, typeof buyer]
let terms: OrderTerms
let secondOfferId: bigint

beforeAll(async () => {
  net = await startDevnet()
  buyer = await net.account(0)
  auditor = await net.account(1)
  sellers = [await net.account(2), await net.account(3)]
  for (const account of [auditor, ...sellers]) {
    await deposit(account, { amountWei: parseEther('1000') })
    await bond(account, { amountWei: parseEther('1000') })
  }
  await takeSeat(auditor, { hardwareClass })
  const [offerId, otherOfferId] = [await offer(sellers[0]), await offer(sellers[1])]
  secondOfferId = otherOfferId
  terms = { ...sampleTerms(offerId), mode: 'Refereed' }
})
afterAll(() => net?.stop())

async function offer(seller: typeof buyer): Promise<bigint> {
  const facts = { specHash: id('spec'), specUri: 'spec', hardwareClass, endpoint: 'http://127.0.0.1:1' }
  const { machineId } = await addMachine(seller, facts)
  await setModes(seller, { machineId, modes: ['Bitwise', 'Refereed'] })
  const price = { pricePerHourWei: parseEther('36'), minSeconds: 60, maxSeconds: 3600 }
  return (await makeOffer(seller, { machineId, ...price, expiresAt: 4_000_000_000 })).offerId
}

test('default: a pair that agrees is paid without a replay', async () => {
  await expect(placeOrder(buyer, { terms, jobCid: 'bafkjob' })).rejects.toMatchObject({
    errorName: 'MarketModeNotOffered',
  })
  const before = (await readToken(buyer, buyer.address)).balanceWei
  const { firstId, secondId } = await placeRefereed(buyer, { terms, secondOfferId, jobCid: 'bafkjob' })
  const pair = [firstId, secondId] as const
  expect([await readTwin(buyer, firstId), await readTwin(buyer, secondId)]).toEqual([secondId, firstId])
  const [first, second] = [await readOrder(buyer, firstId), await readOrder(buyer, secondId)]
  expect([first.seller, second.seller]).toEqual(sellers.map(({ address }) => address))
  expect((await readToken(buyer, buyer.address)).balanceWei).toBe(
    before - 2n * (first.escrowWei + first.auditFeeWei),
  )

  for (const [i, orderId] of pair.entries()) await startOrder(sellers[i]!, { orderId })
  for (const index of [0, 1]) {
    await net.mine(2)
    const beacons = await Promise.all(pair.map((orderId) => readBeacon(buyer, orderId, index)))
    expect(beacons[0]).toEqual(beacons[1])
    const beacon = beaconWord(net.deployment, beacons[0]!)
    const said = { segments: 2, lastStateRoot: id(`state${index}`), evidence: `bafkevidence${index}` }
    const windows = pair.map((orderId) => ({ orderId, index, root: id(`root${orderId}${index}`), ...said }))
    for (const [i, window] of windows.entries()) {
      expect(await readOpenable(buyer, firstId)).toBe(index)
      await sealWindow(sellers[i]!, { ...window, beacon, digest: sealedDigest(window) })
      expect(await readWindow(buyer, window.orderId, index)).toBeUndefined()
    }
    expect(await readOpenable(buyer, firstId)).toBe(index + 1)
    for (const [i, window] of windows.entries()) {
      const { root, segments, lastStateRoot, evidence } = window
      await openWindow(sellers[i]!, window)
      const opened = await readWindow(buyer, window.orderId, index)
      expect(opened).toMatchObject({ root, segments, lastStateRoot, evidence })
    }
  }
  expect(await readOpened(buyer, firstId)).toEqual(await readOpened(buyer, secondId))
  for (const [i, orderId] of pair.entries()) {
    await orderCompleted(sellers[i]!, { orderId, resultCid: 'bafkresult' })
  }
  expect(await readAgreed(buyer, firstId)).toBe(true)
  await expect(settleOrder(buyer, { orderId: firstId })).rejects.toMatchObject({ retryable: false })

  await net.advance(devnetParameters.lastWindowSeconds)
  await pinDraw(buyer, { orderId: firstId })
  // Nobody is drawn, so that no round is awaited where rounds draw; any address stands for a beacon here.
  const byRounds = { ...buyer, deployment: { ...buyer.deployment, beacon: buyer.deployment.runtime } }
  expect(await readAwaitedRounds(byRounds, firstId)).toEqual([])
  for (const orderId of pair) await passAgreed(buyer, { orderId })
  expect(await readAudit(buyer, secondId)).toMatchObject({ outcome: 'Pass' })
  await net.advance(devnetParameters.challengeSeconds)
  for (const orderId of pair) {
    await settleOrder(buyer, { orderId })
    expect((await readOrder(buyer, orderId)).status).toBe('Completed')
  }
})

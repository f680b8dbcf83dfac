import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { beaconWord } from '@trainyard/contracts/beaconWord.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { openWindow } from '@trainyard/contracts/openWindow.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { placeRefereed } from '@trainyard/contracts/placeRefereed.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { sealedDigest } from '@trainyard/contracts/sealedDigest.ts'
import { sealWindow } from '@trainyard/contracts/sealWindow.ts'
import { setModes } from '@trainyard/contracts/setModes.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { id, parseEther } from 'ethers'
import { sampleTerms } from '../contracts-bindings/sampleTerms.ts'
import type { Devnet } from '../helpers/devnet.ts'
import { waitFor } from './waitFor.ts'

type Account = Awaited<ReturnType<Devnet['account']>>
const hardwareClass = hardwareClassOf('canonical')

/**
 * Two sellers without daemons train a refereed order by hand, come to other states in its second window, and open both; what they
 * committed is made up. Returns both orders.
 */
export async function placeDiffering(net: Devnet, first: number): Promise<[bigint, bigint]> {
  const buyer = await net.account(first)
  const sellers = [await net.account(first + 1), await net.account(first + 2)]
  const offers: bigint[] = []
  for (const seller of sellers) offers.push(await offer(seller))
  const [offerId, secondOfferId] = [offers[0]!, offers[1]!]
  const { cid } = await addBytes(new TextEncoder().encode('nobody serves this'))
  const terms = { ...sampleTerms(offerId), mode: 'Refereed' } as const
  const { firstId, secondId } = await placeRefereed(buyer, { terms, secondOfferId, jobCid: cid })
  const pair: [bigint, bigint] = [firstId, secondId]
  for (const [i, orderId] of pair.entries()) await startOrder(sellers[i]!, { orderId })
  for (const index of [0, 1]) {
    const beacon = await waitFor(
      () => readBeacon(buyer, firstId, index),
      ({ value }) => BigInt(value) !== 0n,
      30_000,
    )
    const windows = pair.map((orderId) => ({
      ...{ orderId, index, segments: 2, evidence: cid, root: id(`root ${orderId} ${index}`) },
      lastStateRoot: id(index === 0 ? 'alike' : `state ${orderId}`),
    }))
    for (const [i, window] of windows.entries())
      await sealWindow(sellers[i]!, {
        ...window,
        beacon: beaconWord(net.deployment, beacon),
        digest: sealedDigest(window),
      })
    for (const [i, window] of windows.entries()) await openWindow(sellers[i]!, window)
  }
  for (const [i, orderId] of pair.entries()) await orderCompleted(sellers[i]!, { orderId, resultCid: cid })
  return pair
}

async function offer(seller: Account): Promise<bigint> {
  await deposit(seller, { amountWei: parseEther('1000') })
  await bond(seller, { amountWei: parseEther('1000') })
  const facts = { specHash: id('spec'), specUri: 'spec', hardwareClass, endpoint: 'http://127.0.0.1:1' }
  const { machineId } = await addMachine(seller, facts)
  await setModes(seller, { machineId, modes: ['Bitwise', 'Refereed'] })
  const price = { pricePerHourWei: parseEther('36'), minSeconds: 60, maxSeconds: 3600 }
  return (await makeOffer(seller, { machineId, ...price, expiresAt: 4_000_000_000 })).offerId
}

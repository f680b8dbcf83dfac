import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { answer } from '@trainyard/contracts/answer.ts'
import { ballotCommitment } from '@trainyard/contracts/ballotCommitment.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { challenge } from '@trainyard/contracts/challenge.ts'
import { commitVerdicts } from '@trainyard/contracts/commitVerdicts.ts'
import { commitWindow } from '@trainyard/contracts/commitWindow.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrderParameters } from '@trainyard/contracts/readOrderParameters.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import { revealVerdicts } from '@trainyard/contracts/revealVerdicts.ts'
import { sealBallots } from '@trainyard/contracts/sealBallots.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import { signVerdicts } from '@trainyard/contracts/signVerdicts.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { submitVerdicts } from '@trainyard/contracts/submitVerdicts.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import { id, parseEther } from 'ethers'
import type { EndedOrder } from '../../bench/lib/payoffs.ts'
import type { Devnet } from '../helpers/devnet.ts'
import { signedBallot } from '../helpers/signedBallot.ts'

export type Account = Awaited<ReturnType<Devnet['account']>>
export type Cast = { net: Devnet; seller: Account; buyer: Account; challenger: Account; seats: Account[] }

const CID = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const hardwareClass = hardwareClassOf('canonical')

/** Five seats and the parties, all deposits made, so that later changes are the order's alone. */
export async function castOf(net: Devnet): Promise<Cast> {
  const [seller, buyer, challenger, ...seats] = await Promise.all(
    Array.from({ length: 8 }, (_, index) => net.account(index)),
  )
  const cast = { net, seller: seller!, buyer: buyer!, challenger: challenger!, seats }
  await Promise.all([cast.seller, cast.challenger, ...seats].map(bonded))
  await deposit(cast.buyer, { amountWei: parseEther('2000') })
  await Promise.all(seats.map((seat) => takeSeat(seat, { hardwareClass })))
  return cast
}

async function bonded(account: Account): Promise<void> {
  await deposit(account, { amountWei: parseEther('1000') })
  await bond(account, { amountWei: parseEther('1000') })
}

/** What an account has in all: in its wallet, free, and bonded. No order of its own is open when this is read. */
export async function wealthWei(account: Account): Promise<bigint> {
  const { address } = account
  const [token, freeWei, { activeWei }] = await Promise.all([
    readToken(account, address),
    readFree(account, address),
    readBond(account, address),
  ])
  return token.balanceWei + freeWei + activeWei
}

/** Places, trains and ends the order on the chain; all of its segments fit one window. */
export async function endOrder(cast: Cast, order: EndedOrder, vouched = true): Promise<bigint> {
  const { net, seller, buyer } = cast
  const machine = { specHash: id('spec'), specUri: CID, hardwareClass, endpoint: 'https://seller.example' }
  const { machineId } = await addMachine(seller, machine)
  const { pricePerHourWei, elapsedSeconds, committedSegments: segments, ...rest } = order
  const limits = { minSeconds: 1, maxSeconds: order.maxSeconds, expiresAt: Number.MAX_SAFE_INTEGER }
  const { offerId } = await makeOffer(seller, { machineId, pricePerHourWei, ...limits })
  const terms = { offerId, jobHash: id('job'), mode: 'Bitwise' as const, vouched, ...rest }
  const { orderId } = await placeOrder(buyer, { terms, jobCid: CID })
  await net.mine(3)
  await startOrder(seller, { orderId })
  const { value: beacon } = await readBeacon(seller, orderId, 0)
  const window = { root: id('root'), lastStateRoot: id('state'), evidence: CID }
  await commitWindow(seller, { orderId, index: 0, segments, beacon, ...window })
  await net.advance(elapsedSeconds)
  await orderCompleted(seller, { orderId, resultCid: CID })
  await net.mine(3)
  return orderId
}

/** The whole panel passes everything in one transaction, nobody challenges, and it settles. Returns it in the order in which it is paid. */
export async function passOrder(cast: Cast, orderId: bigint): Promise<Account[]> {
  const members = await passTogether(cast, orderId, 0)
  await settleUnchallenged(cast, orderId)
  return members
}

async function settleUnchallenged({ net, buyer }: Cast, orderId: bigint): Promise<void> {
  const { challengeSeconds } = await readOrderParameters(buyer, orderId)
  await net.advance(challengeSeconds)
  await settleOrder(buyer, { orderId })
}

async function passTogether(cast: Cast, orderId: bigint, round: number): Promise<Account[]> {
  const { members, draw, shares } = await panelOf(cast, orderId)
  const openings = await Promise.all(
    members.map(async (member, i) => {
      // A share is also the word that passes it.
      const secret = { orderId, verdicts: shares[i]!, report: CID, salt: id(member.address) }
      const commitment = verdictCommitment({ ...secret, auditor: member.address })
      return {
        ...secret,
        signature: await signVerdicts(member, member.wallet, { orderId, round, draw, commitment }),
      }
    }),
  )
  await submitVerdicts(cast.buyer, { orderId, openings })
  return members
}

async function panelOf({ buyer, seats }: Cast, orderId: bigint) {
  const { panel } = await readDraw(buyer, orderId)
  const members = panel.map((address) => seats.find((seat) => seat.address === address)!)
  return { members, ...(await readShares(buyer, orderId)) }
}

/**
 * Of the first panel the first member says of one segment that it was not served, all others pass theirs, and so does the larger panel.
 * Returns whom it pays, in this order: the larger panel, then those of the first one who passed all of theirs.
 */
export async function passDoubtedOrder(cast: Cast, orderId: bigint): Promise<Account[]> {
  const { members, shares } = await panelOf(cast, orderId)
  const lowest = shares[0]! & -shares[0]!
  const said = members.map((member, i) => ({
    member,
    secret: { orderId, report: CID, salt: id('salt'), verdicts: shares[i]! + (i === 0 ? 2n * lowest : 0n) },
  }))
  for (const { member, secret } of said) {
    const commitment = verdictCommitment({ ...secret, auditor: member.address })
    await commitVerdicts(member, { orderId, commitment })
  }
  for (const { member, secret } of said) await revealVerdicts(member, secret)
  const { commitSeconds, revealSeconds } = await readOrderParameters(cast.buyer, orderId)
  await cast.net.advance(commitSeconds + revealSeconds)
  await settleOrder(cast.buyer, { orderId })
  await cast.net.mine(3)
  const larger = await passTogether(cast, orderId, 1)
  await settleUnchallenged(cast, orderId)
  return [...larger, ...members.slice(1)]
}

async function openDispute(cast: Cast, orderId: bigint): Promise<bigint> {
  const { net, seller, challenger, buyer } = cast
  const { disputeId } = await challenge(challenger, { orderId, segment: 0 })
  await answer(seller, { disputeId })
  await net.mine(3)
  await drawJury(buyer, { disputeId })
  return disputeId
}

/** Segment 0 is challenged and all jurors of both rounds stay silent. Returns them; they have lost their seats. */
export async function leaveUndecided(cast: Cast, orderId: bigint): Promise<Account[]> {
  const { net, buyer } = cast
  const disputeId = await openDispute(cast, orderId)
  const { revealSeconds } = await readOrderParameters(buyer, orderId)
  const { jury } = await readDispute(buyer, disputeId)
  await net.advance(revealSeconds)
  await resolve(buyer, { disputeId, ballots: [] })
  await net.mine(3)
  await drawJury(buyer, { disputeId })
  await net.advance(revealSeconds)
  await resolve(buyer, { disputeId, ballots: [] })
  return jury.map((address) => cast.seats.find((seat) => seat.address === address)!)
}

/** Segment 0 is challenged, the first `count` of the jury find `found` and seal that, and it decides. Returns them. */
export async function judgeOrder(
  cast: Cast,
  orderId: bigint,
  vote: { found: string; count: number; othersHold?: boolean },
): Promise<Account[]> {
  const { buyer, net } = cast
  const disputeId = await openDispute(cast, orderId)
  const { jury, round, sealDeadline } = await readDispute(buyer, disputeId)
  const { count, ...said } = vote
  const voters = jury.slice(0, count).map((address) => cast.seats.find((seat) => seat.address === address)!)
  const ballots = await Promise.all(voters.map((juror) => signedBallot(juror, { disputeId, round, ...said })))
  if (count < jury.length) {
    const commitments = ballots.map(({ juror, signature, ...opened }) => ({
      ...{ juror, signature },
      commitment: ballotCommitment({ disputeId, round, juror, ...opened }),
    }))
    await sealBallots(buyer, { disputeId, ballots: commitments })
    await net.advance(sealDeadline - (await readHead(buyer)).timestamp)
  }
  await resolve(buyer, { disputeId, ballots })
  return voters
}

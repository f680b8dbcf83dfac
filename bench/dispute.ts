import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { answer } from '@trainyard/contracts/answer.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { challengeSteps } from '@trainyard/contracts/challengeSteps.ts'
import { commitWindow } from '@trainyard/contracts/commitWindow.ts'
import { defaultParameters } from '@trainyard/contracts/deploy/defaultParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { drawJury } from '@trainyard/contracts/drawJury.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readDispute } from '@trainyard/contracts/readDispute.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { resolve } from '@trainyard/contracts/resolve.ts'
import type { Sent } from '@trainyard/contracts/send.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { narrow } from '@trainyard/verifier/dispute/narrow.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { NO_INPUTS, type SegmentLeaf, windowPath, windowRoot } from '@trainyard/verifier/segment.ts'
import { id, parseEther } from 'ethers'
import { type Devnet, startDevnet } from '../test/helpers/devnet.ts'
import { signedBallot } from '../test/helpers/signedBallot.ts'
import type { Figure } from './lib/figure.ts'

const OPTIMISM = { transactions: 151, gas: 29_100_000, hours: 84 }
const MAX_GAS = 1_500_000
const MAX_HOURS = 2
const MAX_TRANSACTIONS = 4
const JURORS = 5
const WINDOW = 16
const STEPS = [32, 128, 256]
/** As in the sample order; what larger segments cost is in the detail. */
const SAMPLE_STEPS = 128
const CID = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

type Account = Awaited<ReturnType<Devnet['account']>>
type Measured = { transactions: number; gas: number; gasByCall: Record<string, number>; hours: number }

/** Transactions, gas and longest clock of one dispute at the default parameters, from challenge to settlement. */
export async function measure(): Promise<Figure> {
  const bySteps = Object.fromEntries(
    await Promise.all(STEPS.map(async (steps) => [steps, await oneDispute(steps)] as const)),
  )
  const { gas, hours, transactions } = bySteps[SAMPLE_STEPS]!
  return {
    figure: 'dispute',
    value: gas,
    unit: `gas, one dispute over a segment of ${SAMPLE_STEPS} steps, jury of ${JURORS}`,
    reference: 'Optimism: 151 transactions, 29.1 M gas, 3.5 days (measured before, other chain)',
    ratio: Number((gas / OPTIMISM.gas).toFixed(4)),
    goal: `<= ${MAX_TRANSACTIONS} transactions, <= ${MAX_GAS} gas, <= ${MAX_HOURS} h`,
    met: gas <= MAX_GAS && hours <= MAX_HOURS && transactions <= MAX_TRANSACTIONS,
    detail: { bySteps },
  }
}

async function oneDispute(steps: number): Promise<Measured> {
  const net = await startDevnet({ ...defaultParameters, minSeats: 1 })
  try {
    const [seller, buyer, challenger] = [await net.account(0), await net.account(1), await net.account(2)]
    const jurors = await seated(net)
    const { orderId, roots, claim } = await endedOrder(net, { seller, buyer, steps })
    await bonded(challenger)
    const gasByCall: Record<string, number> = {}
    const openedAt = (await readHead(buyer)).timestamp
    let waitedSeconds = 0
    const count = <T extends Sent>(name: string, sent: T): T => {
      gasByCall[name] = Number(sent.gasUsed)
      return sent
    }
    // The challenger's replay differs from the middle on.
    const wrong = roots.map((root, step) => (step < steps / 2 ? root : id(root)))
    const args = { orderId, claim, roots: wrong }
    const { disputeId } = count('challengeSteps', await challengeSteps(challenger, args))
    // The longest that each side may take: the deadlines are the chain's own.
    waitedSeconds += (await readDispute(buyer, disputeId)).deadlineAt - openedAt
    count('answer', await answer(seller, { disputeId, narrowing: narrow(roots, wrong) }))
    await net.mine(defaultParameters.beaconDelayBlocks + 1)
    count('drawJury', await drawJury(challenger, { disputeId }))
    const { deadlineAt, jury, round, challengerRoot: found } = await readDispute(buyer, disputeId)
    waitedSeconds += deadlineAt - (await readHead(buyer)).timestamp
    const ballots = await Promise.all(
      jury.map((juror) =>
        signedBallot(jurors.find(({ address }) => address === juror)!, { disputeId, round, found }),
      ),
    )
    count('resolve', await resolve(challenger, { disputeId, ballots }))
    const { status } = await readOrder(buyer, orderId)
    if (status !== 'Failed') throw new Error(`the order is ${status} after the dispute`)
    const gas = Object.values(gasByCall).reduce((sum, value) => sum + value, 0)
    const hours = Number((waitedSeconds / 3600).toFixed(3))
    return { transactions: Object.keys(gasByCall).length, gas, gasByCall, hours }
  } finally {
    await net.stop()
  }
}

async function bonded(account: Account): Promise<void> {
  await deposit(account, { amountWei: parseEther('2000') })
  await bond(account, { amountWei: parseEther('2000') })
}

async function seated(net: Devnet): Promise<Account[]> {
  const jurors: Account[] = []
  for (let i = 0; i < JURORS; i += 1) {
    const juror = await net.account(3 + i)
    await bonded(juror)
    await takeSeat(juror, { hardwareClass: hardwareClassOf('canonical') })
    jurors.push(juror)
  }
  return jurors
}

/** An order of one window that has ended, and the honest step roots of its middle segment. */
async function endedOrder(net: Devnet, parties: { seller: Account; buyer: Account; steps: number }) {
  const { seller, buyer, steps } = parties
  await bonded(seller)
  await deposit(buyer, { amountWei: parseEther('1000') })
  const hardwareClass = hardwareClassOf('canonical')
  const machine = { specHash: id('spec'), specUri: CID, hardwareClass, endpoint: 'https://seller.example' }
  const { machineId } = await addMachine(seller, machine)
  const price = { pricePerHourWei: parseEther('3.6'), minSeconds: 60, maxSeconds: 3600 }
  const { offerId } = await makeOffer(seller, { machineId, ...price, expiresAt: Number.MAX_SAFE_INTEGER })
  const counts = { steps: steps * WINDOW, stepsPerSegment: steps, segmentsPerWindow: WINDOW, draws: 10 }
  const terms = {
    ...{ offerId, jobHash: id('job'), maxSeconds: 3600, stepMicros: 1_000, ...counts },
    ...{ unauditedShareBps: 5_000, mode: 'Bitwise' as const, vouched: true },
  }
  const { orderId } = await placeOrder(buyer, { terms, jobCid: CID })
  await net.mine(defaultParameters.beaconDelayBlocks + 1)
  await startOrder(seller, { orderId })
  const leaves = Array.from({ length: WINDOW }, (_, segment) => leafOf(orderId, seller, segment, steps))
  const root = windowRoot(leaves)
  const lastStateRoot = leaves.at(-1)!.stateRootAfter
  const { value: beacon } = await readBeacon(seller, orderId, 0)
  await commitWindow(seller, {
    orderId,
    index: 0,
    segments: WINDOW,
    root,
    lastStateRoot,
    beacon,
    evidence: CID,
  })
  await orderCompleted(seller, { orderId, resultCid: CID })
  const position = WINDOW / 2
  const leaf = { ...leaves[position]!, orderId }
  const claim = { leaf, root, segments: WINDOW, lastStateRoot, path: windowPath(leaves, position) }
  const roots = Array.from({ length: steps }, (_, i) =>
    i === steps - 1 ? leaf.stateRootAfter : id(`step ${position * steps + i}`),
  )
  return { orderId, leaves, roots, claim }
}

/** Every field as long as a real one; the contract compares roots and never opens them here. */
function leafOf(orderId: bigint, seller: Account, segment: number, steps: number): SegmentLeaf {
  const root = (text: string) => id(text) as Hex
  return {
    orderId: String(orderId),
    seller: seller.address as Hex,
    segment,
    firstStep: segment * steps,
    lastStep: (segment + 1) * steps,
    stateRootBefore: root(`state ${segment}`),
    stateRootAfter: root(`state ${segment + 1}`),
    batchRoot: root('batch'),
    rngRoot: root('rng'),
    inputsRoot: NO_INPUTS,
    innerRoot: root('inner'),
    beaconRound: 1,
  }
}

import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { commitWindow } from '@trainyard/contracts/commitWindow.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import type { TypedDataSigner } from '@trainyard/contracts/signer.ts'
import { signVerdicts } from '@trainyard/contracts/signVerdicts.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { submitVerdicts } from '@trainyard/contracts/submitVerdicts.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { verdictCommitment } from '@trainyard/contracts/verdictCommitment.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { id, parseEther } from 'ethers'
import { type Devnet, startDevnet } from '../test/helpers/devnet.ts'
import type { Figure } from './lib/figure.ts'

const LILYPAD_V2 = 1_158_548
const GOAL = 580_000
const WINDOWS = 4
const AUDITORS = 3
/** As long as a real one: its bytes are paid for. */
const CID = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

type Sent = { readonly hash: string; readonly blockNumber: number; readonly gasUsed: bigint }
type Account = ChainContext & { address: string; wallet: TypedDataSigner }
/** A chain, and accounts on it that have tokens. */
export type Net = Pick<Devnet, 'mine' | 'advance'> & { account: (index: number) => Promise<Account> }
type Parties = { net: Net; seller: Account; buyer: Account; auditors: Account[]; offerId: bigint }

/** Gas of one whole order from receipts, every transaction that the protocol needs; then again by the same parties. */
export async function measure(): Promise<Figure> {
  const net = await startDevnet()
  try {
    const parties = await prepare(net)
    const first = await oneOrder(parties)
    const repeat = await oneOrder(parties)
    const total = sum(repeat)
    return {
      figure: 'gas',
      value: total,
      unit: `gas, one order of ${WINDOWS} windows and ${AUDITORS} auditors, repeat parties`,
      reference:
        'Lilypad v2 1,158,548, with a trusted controller and no audit (measured before, other machine)',
      ratio: Number((total / LILYPAD_V2).toFixed(3)),
      goal: `<= ${GOAL}`,
      met: total <= GOAL,
      detail: { first: sum(first), firstByCall: first, repeatByCall: repeat },
    }
  } finally {
    await net.stop()
  }
}

function sum(gas: Record<string, number>): number {
  return Object.values(gas).reduce((total, value) => total + value, 0)
}

/** Everything that comes before an order, done once. */
export async function prepare(net: Net): Promise<Parties> {
  const hardwareClass = hardwareClassOf('canonical')
  const [seller, buyer] = [await net.account(0), await net.account(1)]
  const auditors: Account[] = []
  for (let i = 0; i < AUDITORS; i += 1) {
    const auditor = await net.account(2 + i)
    await deposit(auditor, { amountWei: parseEther('100') })
    await bond(auditor, { amountWei: parseEther('100') })
    await takeSeat(auditor, { hardwareClass })
    auditors.push(auditor)
  }
  await deposit(seller, { amountWei: parseEther('1000') })
  await bond(seller, { amountWei: parseEther('1000') })
  await deposit(buyer, { amountWei: parseEther('1000') })
  const machine = {
    specHash: id('spec'),
    specUri: CID,
    hardwareClass,
    endpoint: 'https://seller.example:8585',
  }
  const { machineId } = await addMachine(seller, machine)
  const price = { pricePerHourWei: parseEther('3.6'), minSeconds: 60, maxSeconds: 3600 }
  const expiresAt = Number.MAX_SAFE_INTEGER
  const { offerId } = await makeOffer(seller, { machineId, ...price, expiresAt })
  return { net, seller, buyer, auditors, offerId }
}

/** One whole order; its gas by call. */
export async function oneOrder(
  { net, seller, buyer, auditors, offerId }: Parties,
  onSent: (name: string, sent: Sent) => void = () => undefined,
): Promise<Record<string, number>> {
  const gas: Record<string, number> = {}
  const count = <T extends Sent>(name: string, sent: T): T => {
    onSent(name, sent)
    gas[name] = (gas[name] ?? 0) + Number(sent.gasUsed)
    return sent
  }
  const terms = {
    ...{
      offerId,
      jobHash: id('job'),
      maxSeconds: 3600,
      stepMicros: 1_000_000,
      steps: 80,
      stepsPerSegment: 2,
    },
    ...{
      segmentsPerWindow: 10,
      draws: 10,
      unauditedShareBps: 5_000,
      mode: 'Bitwise' as const,
      vouched: true,
    },
  }
  const { orderId } = count('placeOrder', await placeOrder(buyer, { terms, jobCid: CID }))
  await net.mine()
  count('startOrder', await startOrder(seller, { orderId }))
  for (let index = 0; index < WINDOWS; index += 1) {
    await net.advance(20)
    const { value: beacon } = await readBeacon(seller, orderId, index)
    const window = { orderId, index, segments: 10, beacon, evidence: CID }
    const roots = { root: id(`root ${index}`), lastStateRoot: id(`state ${index}`) }
    count(`commitWindow x${WINDOWS}`, await commitWindow(seller, { ...window, ...roots }))
  }
  count('orderCompleted', await orderCompleted(seller, { orderId, resultCid: CID }))
  await net.mine(2)
  const { panel } = await readDraw(seller, orderId)
  const { draw, shares } = await readShares(seller, orderId)
  // Anyone hands the whole panel's signed verdicts in, in the panel's order, and settles when nobody challenged.
  const openings = []
  for (const [i, member] of panel.entries()) {
    const auditor = auditors.find(({ address }) => address === member)!
    const secret = { verdicts: shares[i]!, salt: id('salt'), report: CID }
    const commitment = verdictCommitment({ ...secret, orderId, auditor: member })
    openings.push({
      ...secret,
      signature: await signVerdicts(auditor, auditor.wallet, { orderId, round: 0, draw, commitment }),
    })
  }
  count(`submitVerdicts of ${AUDITORS}`, await submitVerdicts(seller, { orderId, openings }))
  await net.advance(devnetParameters.challengeSeconds)
  count('settleOrder', await settleOrder(seller, { orderId }))
  count('withdraw', await withdraw(seller, { amountWei: await readFree(seller, seller.address) }))
  return gas
}

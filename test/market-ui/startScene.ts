import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addMachine } from '@trainyard/contracts/addMachine.ts'
import { bond } from '@trainyard/contracts/bond.ts'
import { commitVerdicts } from '@trainyard/contracts/commitVerdicts.ts'
import { commitWindow } from '@trainyard/contracts/commitWindow.ts'
import { devnetParameters } from '@trainyard/contracts/deploy/devnetParameters.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hardwareClassOf } from '@trainyard/contracts/hardwareClassOf.ts'
import { makeOffer } from '@trainyard/contracts/makeOffer.ts'
import { orderCompleted } from '@trainyard/contracts/orderCompleted.ts'
import { pinDraw } from '@trainyard/contracts/pinDraw.ts'
import { placeOrder } from '@trainyard/contracts/placeOrder.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { readShares } from '@trainyard/contracts/readShares.ts'
import { revealVerdicts } from '@trainyard/contracts/revealVerdicts.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import { startOrder } from '@trainyard/contracts/startOrder.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import {
  packVerdicts,
  positionsIn,
  type VerdictName,
  verdictCommitment,
} from '@trainyard/contracts/verdictCommitment.ts'
import { windowRoot } from '@trainyard/verifier/segment.ts'
import { id, parseEther } from 'ethers'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { cidOf } from './blockOf.ts'
import { sceneLeaves } from './sceneLeaves.ts'

const canonical = hardwareClassOf('canonical')
export const STEPS = 1280

type Account = Awaited<ReturnType<Devnet['account']>>

/** A chain with a seller's machine on offer and three auditors, and the calls that move an order along. */
export type Scene = {
  readonly net: Devnet
  readonly seller: Account
  readonly buyer: Account
  readonly auditors: readonly Account[]
  readonly machineId: bigint
  /** Written as the devnet writes it. */
  readonly deploymentPath: string
  place: (job: { hash: string; cid: string }) => Promise<bigint>
  start: (orderId: bigint) => Promise<void>
  commit: (orderId: bigint, windows: readonly number[]) => Promise<void>
  complete: (orderId: bigint, resultCid: string) => Promise<void>
  audit: (orderId: bigint, verdictOf: (segment: number) => VerdictName) => Promise<void>
  settle: (orderId: bigint) => Promise<void>
  stop: () => Promise<void>
}

/** `overrides` are parameters of the chain that a test wants otherwise, such as longer phases. */
export const startScene = async (
  endpoint: string,
  overrides: Partial<ParameterFacts> = {},
): Promise<Scene> => {
  const net = await startDevnet(overrides)
  const accounts = await Promise.all([0, 1, 2, 3, 4].map((index) => net.account(index)))
  const [seller, buyer, ...auditors] = accounts as [Account, Account, ...Account[]]
  for (const auditor of auditors) {
    await stake(auditor, '200')
    await takeSeat(auditor, { hardwareClass: canonical })
  }
  await stake(seller, '1000')
  const specs = {
    specHash: id('spec'),
    specUri: cidOf(Buffer.from('spec')),
    hardwareClass: canonical,
    endpoint,
  }
  const { machineId } = await addMachine(seller, specs)
  const { offerId } = await makeOffer(seller, {
    machineId,
    pricePerHourWei: parseEther('3.6'),
    minSeconds: 60,
    maxSeconds: 7200,
    expiresAt: 4_000_000_000,
  })
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-scene-'))
  const deploymentPath = join(dir, 'deployment.json')
  await writeFile(deploymentPath, JSON.stringify(net.deployment))
  const stop = async () => {
    await net.stop()
    await rm(dir, { recursive: true, force: true })
  }
  return {
    net,
    seller,
    buyer,
    auditors,
    machineId,
    deploymentPath,
    stop,
    ...calls(net, seller, buyer, auditors, offerId),
  }
}

const stake = async (account: Account, dev: string): Promise<void> => {
  await deposit(account, { amountWei: parseEther(dev) })
  await bond(account, { amountWei: parseEther(dev) })
}

const calls = (
  net: Devnet,
  seller: Account,
  buyer: Account,
  auditors: readonly Account[],
  offerId: bigint,
) => ({
  place: async (job: { hash: string; cid: string }) => {
    const { orderId } = await placeOrder(buyer, { terms: terms(offerId, job.hash), jobCid: job.cid })
    return orderId
  },
  start: async (orderId: bigint) => {
    await startOrder(seller, { orderId })
    await net.mine(2)
  },
  commit: async (orderId: bigint, windows: readonly number[]) => {
    for (const index of windows) {
      const leaves = sceneLeaves(orderId, seller.address, index)
      const lastStateRoot = leaves.at(-1)!.stateRootAfter
      const facts = { root: windowRoot(leaves), segments: leaves.length, lastStateRoot }
      await commitWindow(seller, {
        orderId,
        index,
        ...facts,
        beacon: (await readBeacon(seller, orderId, index)).value,
        evidence: cidOf(Buffer.from(`evidence${index}`)),
      })
      await net.mine(2)
    }
  },
  complete: async (orderId: bigint, resultCid: string) => {
    await net.advance(90)
    await orderCompleted(seller, { orderId, resultCid })
    await net.mine(2)
    await net.mine(1)
    await pinDraw(seller, { orderId })
  },
  audit: async (orderId: bigint, verdictOf: (segment: number) => VerdictName) => {
    const { segments, panel } = await readDraw(buyer, orderId)
    const { shares } = await readShares(buyer, orderId)
    const members = auditors.filter((auditor) => panel.includes(auditor.address))
    const secretOf = ({ address }: (typeof members)[number]) => {
      const own = positionsIn(shares[panel.indexOf(address)]!)
      const verdicts = packVerdicts(
        segments.map((segment, at) => (own.includes(at) ? verdictOf(segment) : 'none')),
      )
      return { orderId, verdicts, report: cidOf(Buffer.from('report')), salt: id('salt') }
    }
    for (const member of members)
      await commitVerdicts(member, {
        orderId,
        commitment: verdictCommitment({ ...secretOf(member), auditor: member.address }),
      })
    for (const member of members) await revealVerdicts(member, secretOf(member))
  },
  settle: async (orderId: bigint) => {
    await net.advance(devnetParameters.challengeSeconds)
    await settleOrder(buyer, { orderId })
  },
})

const terms = (offerId: bigint, jobHash: string) => ({
  offerId,
  jobHash,
  maxSeconds: 3600,
  stepMicros: 100_000,
  steps: STEPS,
  stepsPerSegment: 32,
  segmentsPerWindow: 5,
  draws: 10,
  unauditedShareBps: 5_000,
  mode: 'Bitwise' as const,
  vouched: true,
})

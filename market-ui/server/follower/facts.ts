import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { OutputOf } from '@trainyard/contracts/pallets.ts'
import { read } from '@trainyard/contracts/read.ts'
import { ZeroAddress } from 'ethers'
import type { BlockRef } from '../db/rowTypes.ts'
import { type Stored, toStored } from '../db/stored.ts'
import { fadedShare } from './fadedShare.ts'

/** What the contracts' views say of an order. */
export type OrderFacts = Stored<{
  order: OutputOf<'market', 'orderOf'>
  committedSegments: number
  audit: OutputOf<'proofs', 'auditOf'>
  /** 1 once a larger panel was drawn */
  round: number
  draw: OutputOf<'proofs', 'drawOf'>
  /** of drawOf's panel: what verdicts are about, and who replays what */
  shares: OutputOf<'proofs', 'sharesOf'>
  /** of a refereed order, the other one; else 0 */
  twin: bigint
}>

type Reputation = OutputOf<'machines', 'reputationOf'>['machine']

/** What the views say of a machine and of the offer it is under. */
export type MachineFacts = Stored<{
  machine: OutputOf<'machines', 'machineOf'>
  offer: OutputOf<'market', 'offerOf'> | null
  reputation: Pick<Reputation, 'lateStartSeconds' | 'overrunSeconds' | 'feeBurnedWei' | 'lastHeartbeatAt'>
}> & {
  /** What its credits were worth a day when the last of them came, in nano-ut; from then on they fade. Null: it has none. */
  readonly credits: { readonly nutPerDay: number; readonly creditedAt: number } | null
}

/** What the view says of a dispute. */
export type DisputeFacts = Stored<OutputOf<'disputes', 'disputeOf'>>

/** Windows, delays and fees of the deployment; they never change. */
export type Parameters = Stored<OutputOf<'runtime', 'parameters'>>

/** Reads an order at a block; undefined if there is none. Throws ChainUnreachable. */
export const readOrderFacts = async (
  context: ChainContext,
  orderId: number,
  block: number,
): Promise<OrderFacts | undefined> => {
  const id = BigInt(orderId)
  const order = await read(context, 'market', 'orderOf', [id], block)
  if (order.status === 'None') return undefined
  const [committedSegments, audit, round, draw, shares, twin] = await Promise.all([
    read(context, 'windows', 'committedSegments', [id], block),
    read(context, 'proofs', 'auditOf', [id], block),
    read(context, 'proofs', 'roundOf', [id], block),
    read(context, 'proofs', 'drawOf', [id], block),
    read(context, 'proofs', 'sharesOf', [id], block),
    order.terms.mode === 'Refereed' ? read(context, 'windows', 'twinOf', [id], block) : 0n,
  ])
  return toStored({ order, committedSegments, audit, round, draw, shares, twin })
}

/** Reads a machine at a block; undefined if there is none. Throws ChainUnreachable. */
export const readMachineFacts = async (
  context: ChainContext,
  machineId: number,
  block: BlockRef,
): Promise<MachineFacts | undefined> => {
  const id = BigInt(machineId)
  const machine = await read(context, 'machines', 'machineOf', [id], block.number)
  if (machine.status === 'None') return undefined
  const [offer, { machine: record }, credits] = await Promise.all([
    machine.offerId === 0n ? null : read(context, 'market', 'offerOf', [machine.offerId], block.number),
    read(context, 'machines', 'reputationOf', [id], block.number),
    readCredits(context, id, block),
  ])
  const { lateStartSeconds, overrunSeconds, feeBurnedWei, lastHeartbeatAt } = record
  const reputation = { lateStartSeconds, overrunSeconds, feeBurnedWei, lastHeartbeatAt }
  return { ...toStored({ machine, offer, reputation }), credits }
}

/** Digits that the same credits give whenever they are read. */
const CREDIT_DIGITS = 6

/** Brought back to when they came, so that facts that did not change read the same. */
const readCredits = async (
  context: ChainContext,
  machineId: bigint,
  block: BlockRef,
): Promise<MachineFacts['credits']> => {
  if (context.deployment.hashrate === ZeroAddress) return null
  const found = await read(context, 'hashrate', 'creditsOf', [machineId], block.number)
  const creditedAt = Number(found.creditedAt)
  if (creditedAt === 0) return null
  const then = Number(found.effectiveNutPerDay) / fadedShare(block.at - creditedAt)
  return { nutPerDay: Number(then.toPrecision(CREDIT_DIGITS)), creditedAt }
}

/** Reads a dispute at a block; undefined if there is none. Throws ChainUnreachable. */
export const readDisputeFacts = async (
  context: ChainContext,
  disputeId: number,
  block: number,
): Promise<DisputeFacts | undefined> => {
  const dispute = await read(context, 'disputes', 'disputeOf', [BigInt(disputeId)], block)
  return dispute.stage === 'None' ? undefined : toStored(dispute)
}

import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { OutputOf } from '@trainyard/contracts/pallets.ts'
import { read } from '@trainyard/contracts/read.ts'
import { type Stored, toStored } from '../db/stored.ts'

/** What the contracts' views say of an order. */
export type OrderFacts = Stored<{
  order: OutputOf<'market', 'orderOf'>
  committedSegments: number
  audit: OutputOf<'proofs', 'auditOf'>
  draw: OutputOf<'proofs', 'drawOf'>
}>

/** What the views say of a machine and of the offer it is under. */
export type MachineFacts = Stored<{
  machine: OutputOf<'machines', 'machineOf'>
  offer: OutputOf<'market', 'offerOf'> | null
}>

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
  const [committedSegments, audit, draw] = await Promise.all([
    read(context, 'windows', 'committedSegments', [id], block),
    read(context, 'proofs', 'auditOf', [id], block),
    read(context, 'proofs', 'drawOf', [id], block),
  ])
  return toStored({ order, committedSegments, audit, draw })
}

/** Reads a machine at a block; undefined if there is none. Throws ChainUnreachable. */
export const readMachineFacts = async (
  context: ChainContext,
  machineId: number,
  block: number,
): Promise<MachineFacts | undefined> => {
  const machine = await read(context, 'machines', 'machineOf', [BigInt(machineId)], block)
  if (machine.status === 'None') return undefined
  const offer =
    machine.offerId === 0n ? null : await read(context, 'market', 'offerOf', [machine.offerId], block)
  return toStored({ machine, offer })
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

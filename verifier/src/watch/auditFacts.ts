import type { ChainContext } from '@trainyard/contracts/context.ts'
import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { read } from '@trainyard/contracts/read.ts'
import { type BeaconFacts, readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { type ResumeFacts, readResume } from '@trainyard/contracts/readResume.ts'
import { readTwin } from '@trainyard/contracts/readTwin.ts'
import { readWindow, type WindowFacts } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { closeReasons } from '@trainyard/contracts/words.ts'
import { readResultCid } from '../order/readResultCid.ts'

/** A committed window. Of a refereed order it may be sealed: what it holds is not known, roots are zero and evidence is empty. */
export type AuditedWindow = WindowFacts & { readonly sealed?: true }

/** Everything an audit takes from the chain. */
export type AuditFacts = {
  readonly orderId: bigint
  /** of a refereed order, the other one */
  readonly twin: bigint | undefined
  readonly order: OrderFacts
  /** of the seller's machine, as on chain */
  readonly hardwareClass: string
  /** the seller's daemon */
  readonly endpoint: string
  readonly windows: readonly AuditedWindow[]
  /** per window, the beacon that seeds it; of a job that is said to stall also the next window's */
  readonly beacons: readonly BeaconFacts[]
  /** the proved checkpoint that it starts at, if it resumes another order */
  readonly resumed: ResumeFacts | undefined
  /** what the seller named as the result, perhaps nothing; undefined: the order was not completed, so none is due */
  readonly resultCid: string | undefined
}

const ZERO = `0x${'0'.repeat(64)}`

/** Reads all facts of an order in audit. Throws ChainUnreachable, also where the node's answers do not fit together. */
export async function readAuditFacts(
  context: ChainContext,
  orderId: bigint,
  order: OrderFacts,
): Promise<AuditFacts> {
  const count = await readWindowCount(context, orderId)
  const indices = Array.from({ length: count }, (_, index) => index)
  const seeded = order.closeReason === closeReasons.JOB_STALLED ? [...indices, count] : indices
  const [{ endpoint, hardwareClass }, found, beacons, resumed, twin] = await Promise.all([
    readMachine(context, order.machineId),
    Promise.all(indices.map((index) => readAudited(context, orderId, index, order))),
    Promise.all(seeded.map((index) => readBeacon(context, orderId, index))),
    readResume(context, orderId),
    readTwin(context, orderId),
  ])
  const windows = found.filter((window) => window !== undefined)
  const complete = windows.length === count && beacons.every(({ value }) => value !== ZERO)
  if (!complete) throw new ChainUnreachable(`The node does not know all of order ${orderId} yet.`)
  const isCompleted = order.closeReason === closeReasons.WORK_COMPLETED
  const resultCid = isCompleted ? await readResultCid(context, orderId, order.startedBlock) : undefined
  return { orderId, twin, order, endpoint, hardwareClass, windows, beacons, resumed, resultCid }
}

async function readAudited(
  context: ChainContext,
  orderId: bigint,
  index: number,
  { terms }: OrderFacts,
): Promise<AuditedWindow | undefined> {
  const found = await readWindow(context, orderId, index)
  if (found || terms.mode !== 'Refereed') return found
  const window = await read(context, 'windows', 'windowOf', [orderId, index])
  if (window.blockNumber === 0 || window.opened) return undefined
  const committed = await read(context, 'windows', 'committedSegments', [orderId])
  const { blockNumber, committedAt, extraDraw } = window
  const segments = Math.min(terms.segmentsPerWindow, committed - index * terms.segmentsPerWindow)
  const nothing = { root: ZERO, lastStateRoot: ZERO, evidence: '', amendment: 0 }
  return { ...nothing, segments, blockNumber, committedAt, extraDraw, sealed: true }
}

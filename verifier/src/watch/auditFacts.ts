import type { ChainContext } from '@trainyard/contracts/context.ts'
import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { type BeaconFacts, readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { readWindow, type WindowFacts } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'

/** Everything an audit takes from the chain. */
export type AuditFacts = {
  readonly orderId: bigint
  readonly order: OrderFacts
  /** of the seller's machine, as on chain */
  readonly hardwareClass: string
  /** the seller's daemon */
  readonly endpoint: string
  readonly windows: readonly WindowFacts[]
  /** per window, the CID of its leaves */
  readonly evidence: readonly string[]
  /** per window, the beacon that seeds it */
  readonly beacons: readonly BeaconFacts[]
}

const ZERO = `0x${'0'.repeat(64)}`

/** Evidence is named in events only. */
async function evidenceCids(context: ChainContext, orderId: bigint, order: OrderFacts) {
  const { blockNumber } = await readHead(context)
  const events = await readEvents(context, order.placedBlock, blockNumber)
  const evidence: string[] = []
  for (const event of events) {
    if (event.name === 'WindowCommitted' && event.args.orderId === orderId) {
      evidence[event.args.index] = event.args.evidence
    }
  }
  return evidence
}

/** Reads all facts of an order in audit. Throws ChainUnreachable, also where the node's answers do not fit together. */
export async function readAuditFacts(
  context: ChainContext,
  orderId: bigint,
  order: OrderFacts,
): Promise<AuditFacts> {
  const count = await readWindowCount(context, orderId)
  const indices = Array.from({ length: count }, (_, index) => index)
  const [evidence, { endpoint, hardwareClass }, windows, beacons] = await Promise.all([
    evidenceCids(context, orderId, order),
    readMachine(context, order.machineId),
    Promise.all(indices.map((index) => readWindow(context, orderId, index))),
    Promise.all(indices.map((index) => readBeacon(context, orderId, index))),
  ])
  const complete = indices.every((index) => evidence[index] !== undefined && beacons[index]?.value !== ZERO)
  if (!complete) throw new ChainUnreachable(`The node does not know all of order ${orderId} yet.`)
  return { orderId, order, endpoint, hardwareClass, windows, evidence, beacons }
}

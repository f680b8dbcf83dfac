import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readMachine } from '@trainyard/contracts/readMachine.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import type { CanonicalJob, Job } from '@trainyard/verifier/job.ts'
import { placeJobOrder } from '../../../client/src/buyer/placeJobOrder.ts'
import type { Rig } from './startRig.ts'
import { tinyJob } from './tinyJob.ts'
import { until } from './until.ts'

/** Orders the tiny job from a machine. */
export async function orderTinyJob(
  rig: Rig,
  machineId: bigint,
  changes: Partial<CanonicalJob> = {},
): Promise<bigint> {
  const { job, data } = await tinyJob(changes)
  const { offerId } = await readMachine(rig.buyer, machineId)
  const args = { context: rig.buyer, store: rig.market.url, offerId, job, data }
  return (await placeJobOrder({ ...args, maxSeconds: 600, stepMicros: 5000 })).orderId
}

/** Orders the tiny job from two machines together; the numbers of both orders. */
export async function orderTinyPair(
  rig: Rig,
  machines: readonly [bigint, bigint],
  as: (job: CanonicalJob) => Job = (job) => job,
): Promise<[bigint, bigint]> {
  const { job: plain, data } = await tinyJob({ proof: { mode: 'refereed', draws: 5 } })
  const job = as(plain)
  const [first, second] = [
    await readMachine(rig.buyer, machines[0]),
    await readMachine(rig.buyer, machines[1]),
  ]
  const { orderId, twin } = await placeJobOrder({
    ...{ context: rig.buyer, store: rig.market.url, job, data, maxSeconds: 600, stepMicros: 5000 },
    offerId: first.offerId,
    secondOfferId: second.offerId,
  })
  return [orderId, twin!]
}

/** The order's facts, once its status is one of these. */
export function statusIs(rig: Rig, orderId: bigint, ...wanted: OrderFacts['status'][]): Promise<OrderFacts> {
  return until(async () => {
    const facts = await readOrder(rig.buyer, orderId)
    return wanted.includes(facts.status) ? facts : undefined
  })
}

/** Indices of all windows that were ever committed for an order, in chain order. */
export async function committedWindows(rig: Rig, orderId: bigint): Promise<number[]> {
  const { blockNumber } = await readHead(rig.buyer)
  const events = await readEvents(rig.buyer, rig.devnet.deployment.deployedBlock, blockNumber)
  return events.flatMap((event) =>
    event.name === 'WindowCommitted' && event.args.orderId === orderId ? [event.args.index] : [],
  )
}

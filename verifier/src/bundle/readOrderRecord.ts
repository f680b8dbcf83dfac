import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { ChainEvent } from '@trainyard/contracts/events.ts'
import { readBeacon } from '@trainyard/contracts/readBeacon.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import type { OrderRecord } from './orderRecord.ts'

const BLOCKS_PER_READ = 2_000

/**
 * Reads an order's record from the chain, evidence and result CIDs from its events. Throws ChainError and
 * ChainUnreachable.
 */
export async function readOrderRecord(context: ChainContext, orderId: bigint): Promise<OrderRecord> {
  const { chainId, genesisHash, deployedBlock: _, ...contracts } = context.deployment
  const order = await readOrder(context, orderId)
  const count = await readWindowCount(context, orderId)
  const texts = await readTexts(context, orderId, order.placedBlock, count, order.endedAt !== 0)
  const windows: OrderRecord['windows'] = []
  for (let index = 0; index < count; index++) {
    windows.push(await readWindowRecord(context, orderId, index, texts.evidence[index] ?? ''))
  }
  const draw = await readDraw(context, orderId)
  const { terms } = order
  return {
    chainId,
    genesisHash,
    contracts,
    orderId: `${orderId}`,
    seller: order.seller,
    buyer: order.buyer,
    jobHash: terms.jobHash,
    terms: { ...terms, offerId: `${terms.offerId}` },
    windows,
    drawn: draw.ready ? [...draw.segments] : [],
    status: order.status,
    closeReason: order.closeReason,
    resultCid: texts.resultCid,
  } as OrderRecord // the chain's hex strings have the form that the schema asks for
}

async function readWindowRecord(context: ChainContext, orderId: bigint, index: number, evidence: string) {
  const { root, segments, lastStateRoot, blockNumber } = await readWindow(context, orderId, index)
  const beacon = await readBeacon(context, orderId, index)
  return {
    root,
    segments,
    lastStateRoot,
    evidence,
    blockNumber,
    beaconBlock: beacon.blockNumber,
    beacon: beacon.value,
  } as OrderRecord['windows'][number]
}

/** What only events carry. Stops reading once all of it was seen. */
async function readTexts(
  context: ChainContext,
  orderId: bigint,
  fromBlock: number,
  windows: number,
  ended: boolean,
): Promise<{ evidence: string[]; resultCid: string }> {
  const texts = { evidence: [] as string[], resultCid: '', ended: false }
  const head = (await readHead(context)).blockNumber
  for (let from = fromBlock; from <= head; from += BLOCKS_PER_READ) {
    const events = await readEvents(context, from, Math.min(from + BLOCKS_PER_READ - 1, head))
    for (const event of events) takeTexts(event, orderId, texts)
    if (Object.keys(texts.evidence).length === windows && texts.ended === ended) break
  }
  return texts
}

function takeTexts(
  event: ChainEvent,
  orderId: bigint,
  texts: { evidence: string[]; resultCid: string; ended: boolean },
): void {
  if (event.name === 'WindowCommitted' && event.args.orderId === orderId) {
    texts.evidence[event.args.index] = event.args.evidence
  }
  if (event.name === 'OrderEnded' && event.args.orderId === orderId) {
    texts.resultCid = event.args.resultCid
    texts.ended = true
  }
}

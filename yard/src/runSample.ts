import { join } from 'node:path'
import { fetchBundle } from '@trainyard/client/buyer/fetchBundle.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import type { YardPaths } from './paths.ts'
import type { DrawnWindow } from './report/chanceOfMissing.ts'
import type { createPhases } from './report/phases.ts'
import { replayedSegments } from './report/replayedSegments.ts'
import type { Say } from './report/say.ts'
import type { YardResult } from './report/yardResult.ts'
import { finishOpenOrder } from './sample/finishOpenOrder.ts'
import { followOrder } from './sample/followOrder.ts'
import { placeSampleOrder } from './sample/placeSampleOrder.ts'
import type { Yard, YardOptions } from './startYard.ts'

/** Places the sample order, follows it to its end, and fetches and verifies what it made. */
export async function runSample(
  yard: Yard,
  paths: YardPaths,
  options: YardOptions,
  say: Say,
  phases: ReturnType<typeof createPhases>,
  signal: AbortSignal,
): Promise<{ result: YardResult; windows: DrawnWindow[] }> {
  const context = yard.contexts.buyer
  await finishOpenOrder(context, say, signal)
  const { sample } = options
  const { job } = sample
  const orderId = await placeSampleOrder(
    context,
    { seller: yard.seller.url, store: yard.market.url },
    sample,
    paths.sampleJob,
  )
  phases.end('place')
  say.line(`placed      order ${orderId}, ${yard.market.url}/orders/${orderId}`)
  const audits = () => replayedSegments(yard.audits, orderId)
  const order = await followOrder({
    chain: context,
    orderId,
    endpoint: () => yard.seller.url,
    audited: () => audits().length,
    say,
    phases,
    signal,
  })
  phases.end('settle')
  const delivered = order.status === 'Completed'
  const bundle = join(paths.bundles, `order-${orderId}`)
  const fetched = delivered
    ? await fetchBundle({ context, orderId, store: yard.market.url, out: bundle, replayer: sample.replayer })
    : undefined
  if (delivered) phases.end('fetch and verify')
  const schedule = jobSchedule(job)
  const { draws } = job.proof
  const result: YardResult = {
    ...(await chainFacts(yard, order, orderId)),
    result: { cid: fetched?.resultCid ?? '', accuracy: fetched?.accuracy ?? null },
    bundle: fetched ? bundle : null,
    verdict: fetched?.verdict ?? null,
    cheat: options.cheat ?? null,
    driver: options.driver,
    seconds: phases.seconds(),
  }
  const windows = Array.from({ length: schedule.windows }, (_, w) => {
    const { first, end } = schedule.windowSegments(w)
    const share = (upTo: number) => Math.floor((draws * upTo) / schedule.windows)
    return { segments: end - first, draws: Math.min(end - first, share(w + 1) - share(w)) }
  })
  return { result, windows }
}

async function chainFacts(
  yard: Yard,
  order: OrderFacts,
  orderId: bigint,
): Promise<Pick<YardResult, 'chainId' | 'contracts' | 'order' | 'audit'>> {
  const { chainId, genesisHash: _, deployedBlock: __, ...contracts } = yard.chain.deployment
  const context = yard.contexts.buyer
  const [{ segments }, windows, committed, settled] = await Promise.all([
    readDraw(context, orderId),
    readWindowCount(context, orderId),
    read(context, 'windows', 'committedSegments', [orderId]),
    readSettlement(context, orderId, order.placedBlock),
  ])
  const lines = replayedSegments(yard.audits, orderId)
  const failures = lines.filter((line) => line.verdict !== 'pass')
  return {
    chainId,
    contracts,
    order: {
      id: String(orderId),
      status: order.status,
      closeReason: closeReasonName(order.closeReason) ?? String(order.closeReason),
      steps: Math.min(committed * order.terms.stepsPerSegment, order.terms.steps),
      segments: committed,
      windows,
      escrowWei: String(order.escrowWei),
      auditFeeWei: String(order.auditFeeWei),
      paidWei: String(order.paidWei),
      protocolFeeWei: String(settled?.protocolFeeWei ?? 0n),
      auditorsPaidWei: String(settled?.auditorsPaidWei ?? 0n),
      refundedWei: String(order.refundedWei),
      slashedWei: String(order.slashedWei),
    },
    audit: {
      drawn: segments.length,
      passed: lines.length - failures.length,
      failed: failures.length,
      failures: failures.map(({ segment, d }) => ({ segment, d: d ?? null })),
    },
  }
}

/** What the order's settlement moved besides pay and refund. */
async function readSettlement(context: ChainContext, orderId: bigint, fromBlock: number) {
  const { blockNumber } = await readHead(context)
  for (const event of await readEvents(context, fromBlock, blockNumber)) {
    if (event.name === 'OrderSettled' && event.args.orderId === orderId) return event.args
  }
  return undefined
}

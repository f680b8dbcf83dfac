import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { rawCid } from '../content/rawCid.ts'
import { MAX_JOB_BYTES, parseJob } from '../job.ts'
import type { Auditor } from './auditor.ts'
import { MAX_DATA_BYTES } from './fetchJob.ts'
import { isSame } from './isSame.ts'

const REORG_BLOCKS = 12
const BLOCKS_PER_STEP = 2_000

/** Gets job and data while the buyer still serves them; an audit must not depend on the buyer's goodwill later. */
async function prefetch({ context, content, log }: Auditor, orderId: bigint): Promise<void> {
  try {
    const { terms } = await readOrder(context, orderId)
    const job = parseJob(await content.get(rawCid(terms.jobHash), MAX_JOB_BYTES))
    await content.get(job.data.train.cid, MAX_DATA_BYTES)
  } catch (error) {
    log.warn({ orderId: String(orderId), err: error }, 'job or data cannot be fetched yet')
  }
}

/**
 * Notes the orders that ended, and the evidence that was named, since the last call, up to block `head`. The journal's block moves only after they are
 * noted; the last few blocks are read again each time, since a reorg may have changed them.
 */
export async function followChain(auditor: Auditor, head: number): Promise<void> {
  const { context, journal } = auditor
  const last = journal.lastBlock()
  const start =
    last === undefined ? context.deployment.deployedBlock : Math.max(0, Math.min(last, head) - REORG_BLOCKS)
  for (let from = start; from <= head; from += BLOCKS_PER_STEP) {
    const to = Math.min(from + BLOCKS_PER_STEP - 1, head)
    for (const event of await readEvents(context, from, to)) {
      if (event.name === 'OrderEnded') journal.openOrder(event.args.orderId)
      if (event.name === 'WindowCommitted') {
        journal.saveSighting(event.args.orderId, event.args.index, event.args.evidence)
      }
      if (event.name === 'Challenged') {
        const { orderId, disputeId, challenger } = event.args
        journal.openDispute(disputeId)
        // The process may have died between sending its challenge and writing that down.
        if (isSame(challenger, auditor.account)) journal.markChallenged(orderId, disputeId)
      }
      const isNew = last !== undefined && event.blockNumber > last
      if (event.name === 'OrderPlaced' && isNew) void prefetch(auditor, event.args.orderId)
    }
    journal.setLastBlock(to)
  }
}

import { open } from 'node:fs/promises'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import type { OrderContext } from './context.ts'

/** The store gives each address a share and keeps what orders name on chain; checkpoints must not eat that up. */
const MAX_DELIVERED_BYTES = 8_000_000

/** A checkpoint that the store took. */
export type Delivery = { step: number; cid: string; bytes: number }

/**
 * Puts a window's last checkpoint into the job's store, so that the work is not on this machine alone. Larger ones stay
 * here, and a store that refuses changes nothing about the order: it is logged.
 */
export async function deliverCheckpoint(order: OrderContext, window: number): Promise<void> {
  const { journal, orderId, config, logger, paths } = order
  const state = order.state()
  const name = deliveryName(orderId, window)
  if (!('plan' in state) || !state.plan) return
  const { segmentsPerWindow } = state.plan
  const leaves = journal.leavesOf(orderId, window * segmentsPerWindow, (window + 1) * segmentsPerWindow)
  const step = leaves.at(-1)?.lastStep
  if (step === undefined) return
  try {
    const bytes = await readSmall(paths.checkpoint(step))
    if (bytes === undefined) return
    const { cid, blocks } = await addBytes(bytes)
    await putBlocks(config.store, blocks)
    journal.saveFact(name, { step, cid, bytes: bytes.length } satisfies Delivery)
  } catch (err) {
    logger.warn({ msg: 'a checkpoint was not delivered to the store', orderId, window, step, err })
  }
}

/** What of an order the store took, in the order of its windows. */
export function deliveriesOf({ journal, orderId }: Pick<OrderContext, 'journal' | 'orderId'>): Delivery[] {
  return journal
    .factsFrom<Delivery>(deliveryName(orderId, ''))
    .map(({ value }) => value)
    .sort((a, b) => a.step - b.step)
}

function deliveryName(orderId: string, window: number | ''): string {
  return `delivered:${orderId}:${window}`
}

async function readSmall(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path)
  try {
    return (await file.stat()).size > MAX_DELIVERED_BYTES ? undefined : await file.readFile()
  } finally {
    await file.close()
  }
}

import type { TransactionReceipt } from 'ethers'
import { ChainUnreachable } from '../errors.ts'
import type { Delivery } from './delivery.ts'
import type { OutboxEntry, OutboxVersion } from './outbox.ts'
import { sendVersion, submit } from './sendVersion.ts'

/** Looks at the account's nonce and sends again only every so many looks for a receipt. */
const LOOKS_PER_CHECK = 4
/** A nonce counts as used by another transaction, or out of turn, once so many checks in a row found it so. */
const CHECKS_TO_BELIEVE = 6
/** Versions of one nonce, after which its fee only follows the market. */
const MAX_VERSIONS = 10

/** `behindGap`: a lower nonce is unused, so that this one cannot be included. */
export type Outcome = { receipt: TransactionReceipt; version: OutboxVersion } | 'usedByOther' | 'behindGap'

/**
 * Waits until a nonce is used. Meanwhile what was lost is sent again, and what is stuck at a higher fee, always for
 * the same nonce. A node that does not answer is asked again. Throws ChainUnreachable at the deadline.
 */
export async function awaitOutcome(
  delivery: Delivery,
  sent: OutboxEntry,
  deadlineMs: number,
): Promise<Outcome> {
  let entry = sent
  const checks = { usedByOther: 0, behindGap: 0 }
  let cause: unknown
  const stuck = createStuckWatch(delivery)
  for (let looks = 1; performance.now() < deadlineMs; looks++) {
    try {
      const outcome = await findReceipt(delivery, entry)
      if (outcome) return outcome
      if (looks % LOOKS_PER_CHECK === 0) {
        const next = await delivery.sender.getNonce('latest')
        checks.usedByOther = next > entry.nonce ? checks.usedByOther + 1 : 0
        checks.behindGap = next < entry.nonce ? checks.behindGap + 1 : 0
        for (const outcome of ['usedByOther', 'behindGap'] as const) {
          if (checks[outcome] === CHECKS_TO_BELIEVE) return outcome
        }
        if (next === entry.nonce) entry = await pushOn(delivery, entry, await stuck())
      }
    } catch (error) {
      cause = error // the node may come back before the deadline
    }
    await new Promise((resolve) => setTimeout(resolve, delivery.pauseMs))
  }
  throw new ChainUnreachable(`${delivery.what} was sent but is in no block yet.`, {
    txHash: entry.versions.at(-1)!.hash,
    cause,
  })
}

async function findReceipt({ sender }: Delivery, entry: OutboxEntry): Promise<Outcome | undefined> {
  for (const version of [...entry.versions].reverse()) {
    const receipt = await sender.provider.getTransactionReceipt(version.hash)
    if (receipt) return { receipt, version }
  }
  return undefined
}

/** Sends the newest version again if no node holds it, or a dearer one if it is stuck. */
async function pushOn(delivery: Delivery, entry: OutboxEntry, isStuck: boolean): Promise<OutboxEntry> {
  const newest = entry.versions.at(-1)!
  if (isStuck && entry.versions.length < MAX_VERSIONS) return sendVersion(delivery, entry, newest)
  const isThere = (await delivery.sender.provider.getTransaction(newest.hash)) !== null
  return isThere ? entry : submit(delivery, entry)
}

/** Says true once in a while, as long as blocks go by: on a chain that stands still no fee helps. */
function createStuckWatch({ sender, stuckMs }: Delivery): () => Promise<boolean> {
  let sinceMs = performance.now()
  let block: number | undefined
  return async () => {
    block ??= await sender.provider.getBlockNumber()
    if (performance.now() - sinceMs < stuckMs) return false
    const now = await sender.provider.getBlockNumber()
    const isMoving = now > block + 1
    if (isMoving) {
      sinceMs = performance.now()
      block = now
    }
    return isMoving
  }
}

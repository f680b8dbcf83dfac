import type { TransactionReceipt } from 'ethers'
import { toChainError } from '../decodeError.ts'
import { ChainUnreachable } from '../errors.ts'
import { awaitOutcome } from './awaitOutcome.ts'
import type { Delivery } from './delivery.ts'
import type { Call, OutboxEntry } from './outbox.ts'
import { isSameCall, sendVersion, submit } from './sendVersion.ts'

const DELIVERY_TIMEOUT_MS = 120_000
const FOREIGN_TIMEOUT_MS = 60_000
/** Included entries that are kept: a reorg may bring their nonces back. */
const KEPT_NONCES = 64

/**
 * Gets a call included once, whatever is lost on the way. It is signed for one nonce and noted in the outbox before it
 * leaves; it gets another nonce only after its own was used by something else. Asked for again, by this process or the
 * next one, it goes on where it was. Throws ChainError if it is refused, ChainUnreachable if its fate is unknown.
 */
export async function deliver(delivery: Delivery, call: Call): Promise<TransactionReceipt> {
  const deadlineMs = performance.now() + DELIVERY_TIMEOUT_MS
  const former = delivery.isOnce ? await formerReceipt(delivery, call, deadlineMs) : undefined
  if (former) return former
  for (;;) {
    const entry = await place(delivery, call, deadlineMs)
    const outcome = await awaitOutcome(delivery, entry, deadlineMs)
    if (typeof outcome === 'object' && isSameCall(outcome.version, call)) return outcome.receipt
  }
}

/** The receipt of this call if it succeeded before: a node that lags behind would let it be sent again, to fail. */
async function formerReceipt(
  delivery: Delivery,
  call: Call,
  deadlineMs: number,
): Promise<TransactionReceipt | undefined> {
  const { sender, outbox, account, what } = delivery
  try {
    const next = await sender.getNonce('latest')
    const sent = outbox.entries(account).filter(({ nonce }) => nonce < next)
    const mine = sent.filter(({ versions }) => versions.some((version) => isSameCall(version, call)))
    for (const entry of mine) {
      const outcome = await awaitOutcome(delivery, entry, deadlineMs)
      if (typeof outcome !== 'object' || !isSameCall(outcome.version, call)) continue
      if (outcome.receipt.status === 1) return outcome.receipt
    }
    return undefined
  } catch (error) {
    throw toChainError(error, what)
  }
}

/** Finds the nonce that the call has, or gives it one, and sends it. */
async function place(delivery: Delivery, call: Call, deadlineMs: number): Promise<OutboxEntry> {
  const { sender, outbox, account, what } = delivery
  let under: string | undefined
  try {
    const next = await sender.getNonce('latest')
    outbox.forget(account, next - KEPT_NONCES)
    const open = outbox.entries(account).filter(({ nonce }) => nonce >= next)
    const mine = open.find(({ versions }) => versions.some((version) => isSameCall(version, call)))
    under = mine?.versions.at(-1)?.hash
    if (mine) {
      await fillGap(delivery, next, mine.nonce, deadlineMs)
      return await resend(delivery, mine, call)
    }
    const [former] = open
    if (former?.nonce !== next) {
      const nonce = await ownNonce(delivery, next)
      return await sendVersion(delivery, { nonce, versions: [] }, call)
    }
    // A former call has this nonce: it is on its way, or was dropped, or a reorg took it back.
    if (await isPending(delivery, former)) {
      await awaitOutcome(delivery, former, deadlineMs)
      return await place(delivery, call, deadlineMs)
    }
    return await sendVersion(delivery, former, call)
  } catch (error) {
    throw toChainError(error, what, under)
  }
}

/** Sends the newest version again, or the call anew if another one has taken its place meanwhile. */
async function resend(delivery: Delivery, entry: OutboxEntry, call: Call): Promise<OutboxEntry> {
  const newest = entry.versions.at(-1)!
  if (!isSameCall(newest, call)) return sendVersion(delivery, entry, call)
  return submit(delivery, entry)
}

/** Whether the node holds a version of this entry, waiting or included after all. */
async function isPending({ sender }: Delivery, entry: OutboxEntry): Promise<boolean> {
  for (const { hash } of entry.versions) if (await sender.provider.getTransaction(hash)) return true
  return false
}

/** A nonce past `next` waits for ever until those below are used: by what was sent for them, else by nothing. */
async function fillGap(delivery: Delivery, next: number, end: number, deadlineMs: number): Promise<void> {
  const { outbox, account, sender } = delivery
  const nothing = { to: await sender.getAddress(), data: '0x' }
  for (let nonce = next; nonce < end; nonce++) {
    const known = outbox.entries(account).find((entry) => entry.nonce === nonce)
    const entry = known ?? { nonce, versions: [] }
    const isOnItsWay = known !== undefined && (await isPending(delivery, known))
    await awaitOutcome(delivery, isOnItsWay ? entry : await sendVersion(delivery, entry, nothing), deadlineMs)
  }
}

/** The next nonce, once transactions that another process sent from this account are included. */
async function ownNonce({ sender, pauseMs, what }: Delivery, next: number): Promise<number> {
  const giveUpAtMs = performance.now() + FOREIGN_TIMEOUT_MS
  for (let used = next; ; used = await sender.getNonce('latest')) {
    if ((await sender.getNonce('pending')) <= used) return used
    if (performance.now() > giveUpAtMs) {
      throw new ChainUnreachable(`${what} waits for other transactions of this account.`)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

import { Transaction } from 'ethers'
import { broadcast } from '../broadcast.ts'
import type { Delivery } from './delivery.ts'
import { feeFields, feesNow } from './fees.ts'
import type { Call, OutboxEntry, OutboxVersion } from './outbox.ts'

const GAS_MARGIN_PERCENT = 130n // state may move between the estimate and the block
const MAX_RAISES = 5

/** Whether both would do the same on chain. */
export function isSameCall(a: Call, b: Call): boolean {
  return a.to.toLowerCase() === b.to.toLowerCase() && a.data === b.data
}

/** Signs a call for an entry's nonce, notes it, then sends it. Throws if the chain refuses the call. */
export async function sendVersion(delivery: Delivery, entry: OutboxEntry, call: Call): Promise<OutboxEntry> {
  return submit(delivery, await addVersion(delivery, entry, call))
}

/** Sends an entry's newest version, at a higher fee if the node wants one. Throws what the node refuses it with. */
export async function submit(delivery: Delivery, entry: OutboxEntry): Promise<OutboxEntry> {
  let current = entry
  for (let raises = 0; ; raises++) {
    const newest = current.versions.at(-1)!
    const became = await broadcast(delivery.sender.provider, newest.raw)
    if (became !== 'underpriced' || raises === MAX_RAISES) return current
    current = await addVersion(delivery, current, newest)
  }
}

async function addVersion(delivery: Delivery, entry: OutboxEntry, call: Call): Promise<OutboxEntry> {
  const version = await sign(delivery, entry, call)
  const next = { nonce: entry.nonce, versions: [...entry.versions, version] }
  delivery.outbox.save(delivery.account, next)
  return next
}

async function sign(delivery: Delivery, entry: OutboxEntry, { to, data }: Call): Promise<OutboxVersion> {
  const { sender, chainId } = delivery
  const { nonce, versions } = entry
  // Its own earlier version may be included already, on which an estimate would fail.
  const former = versions.find((version) => isSameCall(version, { to, data }))
  const gasLimit = former ? BigInt(former.gasLimit) : await gasFor(delivery, { to, data })
  const fees = await feesNow(sender.provider, versions)
  const request = { chainId, nonce, to, data, value: 0n, gasLimit, ...feeFields(fees) }
  const raw = await sender.signTransaction(request)
  return {
    to,
    data,
    raw,
    hash: sender.hashOf ? sender.hashOf(raw) : Transaction.from(raw).hash!,
    gasLimit: String(gasLimit),
    maxFeeWei: String(fees.maxFeeWei),
    tipWei: String(fees.tipWei),
  }
}

async function gasFor({ sender }: Delivery, { to, data }: Call): Promise<bigint> {
  const gas = await sender.estimateGas({ to, data, from: await sender.getAddress() })
  return (gas * GAS_MARGIN_PERCENT) / 100n
}

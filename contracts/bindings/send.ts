import { type ContractRunner, JsonRpcSigner, type Provider, type TransactionReceipt } from 'ethers'
import type { ChainContext } from './context.ts'
import { revertError, toChainError } from './decodeError.ts'
import { ChainUnreachable } from './errors.ts'
import { type ChainEvent, eventsOf } from './events.ts'
import { deliver } from './outbox/deliver.ts'
import type { Sender } from './outbox/delivery.ts'
import { type Call, createMemoryOutbox, type Outbox, outboxKey } from './outbox/outbox.ts'
import { type CallName, functionAbi, type InputsOf, interfaces, type Pallet } from './pallets.ts'
import { pollingIntervalMs } from './pollingIntervalMs.ts'
import { serialised } from './serialised.ts'
import { toChain } from './values.ts'

/** A transaction that was included and succeeded. */
export type Sent = {
  readonly hash: string
  readonly blockNumber: number
  readonly gasUsed: bigint
  readonly events: readonly ChainEvent[]
}

const DEVNET_CHAIN_ID = 31_337
const INCLUSION_TIMEOUT_MS = 120_000
const GAS_MARGIN_PERCENT = 130n // state may move between the estimate and the block
const DEVNET_STUCK_MS = 3_000
const STUCK_MS = 45_000

function isSender(runner: ContractRunner): runner is ContractRunner & Sender {
  return Boolean(runner.provider) && 'getNonce' in runner && 'signTransaction' in runner
}

/** Calls that name all that they are about: the same one again can only be a repetition. settleOrder may have a larger panel drawn first. */
const onceOnly: ReadonlySet<string> = new Set([
  'startOrder',
  'commitWindow',
  'orderCompleted',
  'orderFailed',
  'cancelOrder',
  'expireOrder',
  'settlePassed',
  'answer',
])

/** Outboxes of contexts without one: as long as the connection. */
const outboxes = new WeakMap<Provider, Outbox>()

function outboxOf(context: ChainContext, provider: Provider): Outbox {
  const outbox = context.outbox ?? outboxes.get(provider) ?? createMemoryOutbox()
  outboxes.set(provider, outbox)
  return outbox
}

async function deliverCall(
  context: ChainContext,
  sender: Sender,
  call: Call,
  what: string,
): Promise<TransactionReceipt> {
  const { deployment } = context
  const { chainId, chain = 'evm' } = deployment
  // Substrate chains make a block every few seconds, whoever they are for.
  const isQuick = chainId === DEVNET_CHAIN_ID && chain === 'evm'
  const delivery = {
    sender,
    what,
    chainId,
    isOnce: onceOnly.has(what.slice(what.indexOf('.') + 1)),
    outbox: outboxOf(context, sender.provider),
    account: outboxKey(deployment, await sender.getAddress()),
    pauseMs: pollingIntervalMs(deployment) / 5,
    stuckMs: isQuick ? DEVNET_STUCK_MS : STUCK_MS,
  }
  return deliver(delivery, call)
}

/** A wallet behind JSON-RPC signs as it sends: nonce, fee and what to do with a stuck one are its own business. */
async function sendByWallet(
  context: ChainContext,
  wallet: JsonRpcSigner,
  call: Call,
  what: string,
): Promise<TransactionReceipt> {
  let hash: string | undefined
  try {
    const gas = await wallet.estimateGas(call)
    hash = (await wallet.sendTransaction({ ...call, gasLimit: (gas * GAS_MARGIN_PERCENT) / 100n })).hash
  } catch (error) {
    throw toChainError(error, what)
  }
  const deadlineMs = performance.now() + INCLUSION_TIMEOUT_MS
  let cause: unknown
  while (performance.now() < deadlineMs) {
    const receipt = await wallet.provider.getTransactionReceipt(hash).catch((error: unknown) => {
      cause = error // the node may come back before the deadline
      return null
    })
    if (receipt) return receipt
    await new Promise((resolve) => setTimeout(resolve, pollingIntervalMs(context.deployment) / 5))
  }
  throw new ChainUnreachable(`${what} was sent but is in no block yet.`, { txHash: hash, cause })
}

/** Why an included transaction failed: the same call on the state before its block. */
async function failureOf(
  context: ChainContext,
  call: Call,
  from: string,
  receipt: TransactionReceipt,
): Promise<Error> {
  try {
    await context.runner.call?.({ ...call, from, blockTag: receipt.blockNumber - 1 })
  } catch (error) {
    return toChainError(error, `Transaction ${receipt.hash}`)
  }
  return revertError(undefined)
}

async function sendNow(
  context: ChainContext,
  sender: Sender | JsonRpcSigner,
  call: Call,
  what: string,
): Promise<Sent> {
  const receipt = await (sender instanceof JsonRpcSigner
    ? sendByWallet(context, sender, call, what)
    : deliverCall(context, sender, call, what))
  if (receipt.status !== 1) throw await failureOf(context, call, await sender.getAddress(), receipt)
  const { hash, blockNumber, gasUsed } = receipt
  return { hash, blockNumber, gasUsed, events: eventsOf(context, receipt) }
}

/**
 * Estimates, sends and waits for any call. One transaction at a time per account, so that nonces never collide; the same
 * call again takes up the one that is under way.
 * Throws ChainError if it is refused (nothing was sent, or it failed on chain), ChainUnreachable if unknown.
 */
export async function sendCall(context: ChainContext, call: Call, what: string): Promise<Sent> {
  const { runner, deployment } = context
  if (!isSender(runner)) throw new TypeError(`${what} needs a context with a signer`)
  const account = await runner.getAddress()
  return serialised(`${deployment.chainId}:${account}`, () => sendNow(context, runner, call, what))
}

/** `sendCall` for a pallet's call by name. */
export async function send<P extends Pallet, N extends CallName<P>>(
  context: ChainContext,
  pallet: P,
  name: N,
  args: InputsOf<P, N>,
): Promise<Sent> {
  const { inputs } = functionAbi(pallet, name)
  const encoded = (args as readonly unknown[]).map((value, index) => toChain(inputs[index]!, value))
  const data = interfaces[pallet].encodeFunctionData(name, encoded)
  return sendCall(context, { to: context.deployment[pallet], data }, `${pallet}.${name}`)
}

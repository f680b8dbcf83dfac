import type { ContractRunner, TransactionReceipt } from 'ethers'
import { type Broadcast, broadcast, type Sender } from './broadcast.ts'
import { type ChainContext, pollingIntervalMs } from './context.ts'
import { revertError, toChainError } from './decodeError.ts'
import { ChainUnreachable } from './errors.ts'
import { type ChainEvent, eventsOf } from './events.ts'
import { type CallName, functionAbi, type InputsOf, interfaces, type Pallet } from './pallets.ts'
import { serialised } from './serialised.ts'
import { toChain } from './values.ts'

/** A transaction that was included and succeeded. */
export type Sent = {
  readonly hash: string
  readonly blockNumber: number
  readonly gasUsed: bigint
  readonly events: readonly ChainEvent[]
}

export type Call = { readonly to: string; readonly data: string }

const INCLUSION_TIMEOUT_MS = 120_000
const LOST_TIMEOUT_MS = 15_000 // whether a transaction arrived whose answer was lost
const GAS_MARGIN_PERCENT = 130n // state may move between the estimate and the block

function isSender(runner: ContractRunner): runner is ContractRunner & Sender {
  return Boolean(runner.provider) && 'getNonce' in runner && 'signTransaction' in runner
}

async function waitForReceipt(
  context: ChainContext,
  sent: Broadcast,
  what: string,
): Promise<TransactionReceipt> {
  const limitMs = sent.isKnown ? INCLUSION_TIMEOUT_MS : LOST_TIMEOUT_MS
  const deadline = Date.now() + limitMs
  let cause: unknown
  while (Date.now() < deadline) {
    try {
      const receipt = await context.runner.provider?.getTransactionReceipt(sent.hash)
      if (receipt) return receipt
    } catch (error) {
      cause = error // the node may come back before the deadline
    }
    await new Promise((resolve) => setTimeout(resolve, pollingIntervalMs(context.deployment) / 5))
  }
  throw new ChainUnreachable(`${what} was sent but not seen in a block for ${limitMs / 1000} s.`, {
    txHash: sent.hash,
    cause,
  })
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

async function prepareAndBroadcast(sender: Sender, call: Call, what: string): Promise<Broadcast> {
  try {
    const from = await sender.getAddress()
    const gas = await sender.estimateGas({ ...call, from })
    const nonce = await sender.getNonce('pending')
    return await broadcast(sender, { ...call, nonce, gasLimit: (gas * GAS_MARGIN_PERCENT) / 100n })
  } catch (error) {
    throw toChainError(error, what)
  }
}

async function sendNow(context: ChainContext, sender: Sender, call: Call, what: string): Promise<Sent> {
  const receipt = await waitForReceipt(context, await prepareAndBroadcast(sender, call, what), what)
  if (receipt.status !== 1) throw await failureOf(context, call, await sender.getAddress(), receipt)
  const { hash, blockNumber, gasUsed } = receipt
  return { hash, blockNumber, gasUsed, events: eventsOf(context, receipt) }
}

/**
 * Estimates, sends and waits for any call. One transaction at a time per account, so that nonces never collide.
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

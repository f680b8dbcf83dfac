import { isError, JsonRpcSigner, type Provider, Transaction, type TransactionRequest } from 'ethers'

/** Signs and broadcasts; `isKnown` is false if the node's answer was lost, so that it may not have the transaction. */
export type Broadcast = { readonly hash: string; readonly isKnown: boolean }

/** What sends: a local account (Wallet, KeyringSigner) or a wallet behind JSON-RPC. */
export type Sender = {
  readonly provider: Provider
  getAddress(): Promise<string>
  getNonce(blockTag: 'pending'): Promise<number>
  estimateGas(request: TransactionRequest): Promise<bigint>
  populateTransaction(request: TransactionRequest): Promise<TransactionRequest>
  signTransaction(request: TransactionRequest): Promise<string>
  sendTransaction(request: TransactionRequest): Promise<{ readonly hash: string }>
}

/** Whether the node itself answered with an error, rather than not at all. */
function isAnswer(error: unknown): boolean {
  if (
    isError(error, 'INSUFFICIENT_FUNDS') ||
    isError(error, 'NONCE_EXPIRED') ||
    isError(error, 'CALL_EXCEPTION')
  )
    return true
  const info = error instanceof Error && 'info' in error ? error.info : undefined
  return typeof info === 'object' && info !== null && 'error' in info
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && /already (known|imported)/i.test(error.message)
}

/**
 * Sends a prepared request. A local account signs first, so that the transaction's hash is known even if the node's
 * answer is lost; throws what the node answered if it refused.
 */
export async function broadcast(sender: Sender, request: TransactionRequest): Promise<Broadcast> {
  // A wallet behind JSON-RPC signs only as it sends.
  if (sender instanceof JsonRpcSigner)
    return { hash: (await sender.sendTransaction(request)).hash, isKnown: true }
  const populated = await sender.populateTransaction(request)
  const signed = await sender.signTransaction(populated)
  const hash = Transaction.from(signed).hash!
  try {
    await sender.provider.broadcastTransaction(signed)
    return { hash, isKnown: true }
  } catch (error) {
    if (isAlreadyThere(error)) return { hash, isKnown: true }
    if (isAnswer(error)) throw error
    return { hash, isKnown: false }
  }
}

import { isError, type Provider } from 'ethers'
import { ChainError } from './errors.ts'

/**
 * What became of a broadcast. taken: the node has it. lost: no answer, it may have it. spent: the nonce is used, perhaps
 * by this very transaction. underpriced: the node has another one of this nonce, or wants a higher fee.
 */
export type Broadcast = 'taken' | 'lost' | 'spent' | 'underpriced'

/** Whether the node itself answered with an error, rather than not at all. */
function isAnswer(error: unknown): boolean {
  if (isError(error, 'INSUFFICIENT_FUNDS') || isError(error, 'CALL_EXCEPTION')) return true
  const info = error instanceof Error && 'info' in error ? error.info : undefined
  return typeof info === 'object' && info !== null && 'error' in info
}

function says(error: unknown, words: RegExp): boolean {
  if (!(error instanceof Error)) return false
  const info = 'info' in error ? JSON.stringify(error.info) : ''
  return words.test(`${error.message} ${info}`)
}

function signatureRefused(cause: unknown): ChainError {
  return new ChainError({
    errorName: 'SignatureRefused',
    args: {},
    shortMessage:
      'The node refused the transaction’s signature: it is of another chain, or was changed on its way.',
    suggestion: 'Check that the node is one of the deployment’s chain, and ask another one.',
    cause,
  })
}

/** Hands a signed transaction to the node. Throws what the node answered if it refused it for good. */
export async function broadcast(provider: Provider, raw: string): Promise<Broadcast> {
  try {
    await provider.broadcastTransaction(raw)
    return 'taken'
  } catch (error) {
    if (says(error, /already (known|imported)/i)) return 'taken'
    if (isError(error, 'NONCE_EXPIRED') || says(error, /nonce too low/i)) return 'spent'
    if (isError(error, 'REPLACEMENT_UNDERPRICED') || says(error, /underpriced|less than block base fee/i)) {
      return 'underpriced'
    }
    if (says(error, /invalid (sender|chain ?id)/i)) throw signatureRefused(error)
    if (isAnswer(error)) throw error
    return 'lost'
  }
}

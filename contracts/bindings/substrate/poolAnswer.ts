/** A JSON-RPC error as Ethereum nodes give it. */
export type RpcFault = { readonly code: number; readonly message: string; readonly data?: string }

type Refusal = { readonly words: RegExp; readonly fault: RpcFault }

const SERVER_ERROR = -32_000

/** What Substrate's transaction pool says (sc-transaction-pool, sp-runtime), and what an Ethereum node says for it. */
const refusals: readonly Refusal[] = [
  fault(/1013|already imported/i, 'already known'),
  fault(/stale|outdated/i, 'nonce too low'),
  fault(/payment|inability to pay/i, 'insufficient funds for gas * price + value'),
  fault(/1014|priority is too low/i, 'replacement transaction underpriced'),
  // Its era is over, or the pool has had enough of it: only signed again, with the same nonce, can it be included.
  fault(
    /ancientbirthblock|ancient birth block|1012|temporarily banned/i,
    'transaction underpriced: sign it again',
  ),
  fault(/badproof|bad signature/i, 'invalid sender: the signature is not of this transaction on this chain'),
]

function fault(words: RegExp, message: string): Refusal {
  return { words, fault: { code: SERVER_ERROR, message } }
}

/** The pool's refusal of an extrinsic in the words of an Ethereum node; undefined if it gave no answer. */
export function poolAnswer(error: unknown): RpcFault | undefined {
  const text = error instanceof Error ? error.message : String(error)
  if (!/^(10\d\d|-?\d+):|invalid/i.test(text)) return undefined
  const known = refusals.find(({ words }) => words.test(text))
  return known?.fault ?? { code: SERVER_ERROR, message: `the transaction pool refuses: ${text}` }
}

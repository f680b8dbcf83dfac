import type { NamedValue } from './flatten.ts'

export type TxEvent = {
  readonly key: string
  /** The pallet, `token`, or the address of a contract that is not the market's. */
  readonly source: string
  /** Null for an event that is not known here. */
  readonly name: string | null
  readonly values: readonly NamedValue[]
}

/** Everything a page shows of one transaction. Amounts are wei as text. */
export type TxFacts = {
  readonly hash: string
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly from: string
  /** Null: it creates a contract. */
  readonly to: string | null
  /** The pallet or `token`; null for any other account. */
  readonly toName: string | null
  readonly valueWei: string
  readonly nonce: number
  readonly blockNumber: number | null
  /** Seconds since 1970. */
  readonly at: number | null
  readonly confirmations: number
  readonly gasUsed: string | null
  readonly gasLimit: string
  readonly feeWei: string | null
  readonly call: { readonly name: string; readonly values: readonly NamedValue[] } | null
  readonly inputBytes: number
  readonly events: readonly TxEvent[]
  /** Why it failed, as far as it can be told by running it again on the state before its block. */
  readonly failure: { readonly text: string; readonly suggestion: string } | null
}

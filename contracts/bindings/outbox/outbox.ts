/** What to send: the same call is never under way twice. */
export type Call = { readonly to: string; readonly data: string }

/** A call signed for a nonce. Several versions of one nonce exclude each other: at most one is ever included. */
export type OutboxVersion = Call & {
  readonly raw: string
  readonly hash: string
  readonly gasLimit: string
  /** Of one unit of gas, in wei; the price on chains without EIP-1559. */
  readonly maxFeeWei: string
  readonly tipWei: string
}

export type OutboxEntry = { readonly nonce: number; readonly versions: readonly OutboxVersion[] }

/**
 * Transactions by nonce, noted before they are sent. It has to outlive the process that sends: who has lost his notes
 * cannot tell a transaction that was lost from one that is late, and sends it again.
 */
export type Outbox = {
  /** @param account chain and address, see `outboxKey` */
  entries(account: string): OutboxEntry[]
  save(account: string, entry: OutboxEntry): void
  /** Drops entries of lower nonces. */
  forget(account: string, belowNonce: number): void
}

/** Names an account on one chain. A reset devnet has another first block, and its nonces start again. */
export function outboxKey(deployment: { chainId: number; genesisHash: string }, address: string): string {
  return `${deployment.chainId}:${deployment.genesisHash.slice(0, 18)}:${address.toLowerCase()}`
}

/** An outbox for processes that send now and then and look at what came of it. */
export function createMemoryOutbox(): Outbox {
  const accounts = new Map<string, Map<number, OutboxEntry>>()
  return {
    entries: (account) => [...(accounts.get(account)?.values() ?? [])].sort((a, b) => a.nonce - b.nonce),
    save(account, entry) {
      const entries = accounts.get(account) ?? new Map<number, OutboxEntry>()
      accounts.set(account, entries.set(entry.nonce, entry))
    },
    forget(account, belowNonce) {
      const entries = accounts.get(account)
      for (const nonce of entries?.keys() ?? []) if (nonce < belowNonce) entries?.delete(nonce)
    },
  }
}

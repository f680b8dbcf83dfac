/** What the daemon counts as it happens, for /metrics; everything else is read when it is asked for. */
export type Stats = {
  /** Failures by RPC address (host and port). */
  readonly rpcErrors: Map<string, number>
  /** The newest error that was logged. */
  lastError: { message: string; atMs: number } | undefined
  rpcFailed(address: string): void
}

export function createStats(): Stats {
  const rpcErrors = new Map<string, number>()
  return {
    rpcErrors,
    lastError: undefined,
    rpcFailed: (address) => void rpcErrors.set(address, (rpcErrors.get(address) ?? 0) + 1),
  }
}

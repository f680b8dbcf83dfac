/** Two blocks of a slow parachain. */
const TRUSTED_MS = 24_000

/**
 * Extrinsics that a node took from here a moment ago. A node that makes a block of them shows them neither in its pool nor in a
 * block until that is done: they are not lost, and need not be sent again.
 */
export function createUnderWay() {
  const sent = new Map<string, { raw: string; atMs: number }>()
  return {
    add: (hash: string, raw: string) => void sent.set(hash, { raw, atMs: performance.now() }),
    /** The extrinsic, as long as it is not to be worried about. */
    find(hash: string): string | undefined {
      for (const [name, { atMs }] of sent) if (performance.now() - atMs > TRUSTED_MS) sent.delete(name)
      return sent.get(hash)?.raw
    },
  }
}

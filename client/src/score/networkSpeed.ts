import { measureStore } from '../cli/benchmark/measureStore.ts'

const KEPT_MS = 24 * 60 * 60 * 1000

/** Megabytes a second from the store, measured at most once a day; 0 while it does not answer. */
export function networkSpeed(store: string): () => Promise<number> {
  let last: { atMs: number; value: number } | undefined
  return async () => {
    if (last && Date.now() - last.atMs < KEPT_MS) return last.value
    const figures = await measureStore(store).catch(() => [])
    const value = Math.round(figures.find(({ id }) => id === 'storeGet')?.median ?? 0)
    last = { atMs: Date.now(), value }
    return value
  }
}

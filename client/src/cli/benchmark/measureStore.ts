import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { type Figure, figureOf } from './figure.ts'

const RUNS = 3
const BYTES = 1024 * 1024
const TIMEOUT_MS = 30_000
const MB = 1_000_000

/**
 * Megabytes a second to and from the store, with what is done to content on the way (hashes, blocks one after
 * the other). Always the same megabyte, so that measuring does not fill the store.
 */
export async function measureStore(store: string): Promise<Figure[]> {
  const bytes = new Uint8Array(BYTES).map((_, i) => (i * 2654435761) >>> 24)
  const { cid, blocks } = await addBytes(bytes)
  const gateway = store.replace(/\/+$/, '')
  const puts: number[] = []
  const gets: number[] = []
  const rate = async (work: () => Promise<unknown>) => {
    const startMs = performance.now()
    await work()
    return (BYTES / MB) * (1000 / (performance.now() - startMs))
  }
  for (let run = 0; run < RUNS; run++) {
    puts.push(await rate(() => putBlocks(store, blocks)))
    gets.push(await rate(() => fetchContent({ cid, gateway, maxBytes: BYTES, timeoutMs: TIMEOUT_MS })))
  }
  return [
    figureOf({ id: 'storePut', unit: 'MB/s', what: `put 1 MiB into ${store}` }, puts),
    figureOf({ id: 'storeGet', unit: 'MB/s', what: `get 1 MiB from ${store}` }, gets),
  ]
}

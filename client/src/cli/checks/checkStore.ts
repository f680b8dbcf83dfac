import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { putBlocks } from '@trainyard/verifier/content/putBlocks.ts'
import { type Check, check } from './check.ts'

const PROBE = new TextEncoder().encode(
  'trainyard doctor: a block that shows whether a store takes and gives.\n',
)
const TIMEOUT_MS = 15_000

/** Puts a small block, always the same, into the store and takes it back. */
export async function checkStore(store: string): Promise<Check> {
  const about = {
    id: 'store',
    title: 'Store',
    purpose: 'Jobs and data come from it, evidence and results go to it.',
  }
  const startMs = performance.now()
  const { cid, blocks } = await addBytes(PROBE)
  await putBlocks(store, blocks)
  await fetchContent({
    cid,
    gateway: store.replace(/\/+$/, ''),
    maxBytes: PROBE.length,
    timeoutMs: TIMEOUT_MS,
  })
  return check(about, {
    status: 'pass',
    actual: Math.ceil(performance.now() - startMs),
    unit: 'ms to put and get a block',
  })
}

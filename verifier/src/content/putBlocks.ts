import type { Block } from './addBytes.ts'
import { StoreUnavailable } from './errors.ts'
import { readProblem } from './readProblem.ts'

const PUT_TIMEOUT_MS = 15_000

async function putBlock(store: string, { cid, bytes }: Block): Promise<void> {
  const signal = AbortSignal.timeout(PUT_TIMEOUT_MS)
  let response: Response
  let problem = ''
  try {
    response = await fetch(`${store}/store/blocks/${cid}`, {
      method: 'PUT',
      // A copy: the bytes may be a view of something larger or shared.
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/vnd.ipld.raw' },
      redirect: 'error',
      signal,
    })
    if (response.ok) await response.body?.cancel()
    else problem = await readProblem(response)
  } catch (error) {
    throw new StoreUnavailable(`The store at ${store} does not answer (${reasonOf(error, signal)}).`)
  }
  if (response.ok) return
  const { status } = response
  throw new StoreUnavailable(
    `The store at ${store} took no block (HTTP ${status}). ${problem}`.trim(),
    status,
  )
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return `not within ${PUT_TIMEOUT_MS} ms`
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error)) return error instanceof Error ? error.message : String(error)
  return 'code' in cause ? String(cause.code) : cause.message
}

/**
 * Uploads blocks, in order, with `PUT <store>/store/blocks/<cid>`. Putting one twice is harmless. Throws
 * StoreUnavailable, which says what the store said.
 */
export async function putBlocks(store: string, blocks: readonly Block[]): Promise<void> {
  const base = store.replace(/\/$/, '')
  for (const block of blocks) await putBlock(base, block)
}

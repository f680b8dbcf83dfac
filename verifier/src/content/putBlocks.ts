import type { Block } from './addBytes.ts'
import { ContentUnavailable } from './errors.ts'

const PUT_TIMEOUT_MS = 15_000

async function putBlock(url: string, bytes: Uint8Array): Promise<void> {
  let response: Response
  try {
    response = await fetch(url, {
      method: 'PUT',
      // A copy: the bytes may be a view of something larger or shared.
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/vnd.ipld.raw' },
      redirect: 'error',
      signal: AbortSignal.timeout(PUT_TIMEOUT_MS),
    })
    await response.body?.cancel()
  } catch (error) {
    throw new ContentUnavailable(url, error instanceof Error ? error.message : String(error))
  }
  if (!response.ok) throw new ContentUnavailable(url, `HTTP status ${response.status}`, response.status)
}

/** Uploads blocks, in order, with `PUT <store>/store/blocks/<cid>`. Putting one twice is harmless. Throws ContentUnavailable. */
export async function putBlocks(store: string, blocks: readonly Block[]): Promise<void> {
  const base = store.replace(/\/$/, '')
  for (const { cid, bytes } of blocks) await putBlock(`${base}/store/blocks/${cid}`, bytes)
}

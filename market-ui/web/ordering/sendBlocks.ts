import type { Block } from '@trainyard/verifier/content/addBytes.ts'
import { problemOf, unanswered } from '../api/fetchJson.ts'
import { blockApi } from '../url.ts'

const AT_ONCE = 4
const TIMEOUT_MS = 30_000

/** Puts blocks into the market's store, a few at a time. `onSent` hears how many bytes are there. Throws ApiProblem. */
export const sendBlocks = async (
  blocks: readonly Block[],
  onSent: (bytes: number) => void = () => undefined,
): Promise<void> => {
  let sent = 0
  let next = 0
  const work = async () => {
    for (let block = blocks[next++]; block !== undefined; block = blocks[next++]) {
      await sendBlock(block)
      sent += block.bytes.length
      onSent(sent)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

const sendBlock = async ({ cid, bytes }: Block): Promise<void> => {
  let response: Response
  try {
    response = await fetch(blockApi(cid), {
      method: 'PUT',
      headers: { 'content-type': 'application/vnd.ipld.raw' },
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    throw unanswered()
  }
  if (!response.ok) throw await problemOf(response)
}

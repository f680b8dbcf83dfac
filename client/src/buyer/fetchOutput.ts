import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { fetchFromSeller } from '@trainyard/verifier/order/fetchFromSeller.ts'
import { readResultCid } from '@trainyard/verifier/order/readResultCid.ts'
import { sellerEndpoint } from '@trainyard/verifier/order/sellerEndpoint.ts'
import {
  MAX_OUTPUT_INDEX_BYTES,
  type OutputIndex,
  parseOutputIndex,
} from '@trainyard/verifier/outputIndex.ts'
import { ClientError } from '../errors.ts'

const TIMEOUT_MS = 300_000

/**
 * Fetches what the program of an order without proof left, from the store or else from its machine, into the new directory
 * `out`. Each file is what its seller named; nothing says that it is right. Throws ClientError if `out` is in use, the order
 * has not ended, or neither store nor machine has the result.
 */
export async function fetchOutput(args: {
  context: ChainContext
  orderId: bigint
  order: OrderFacts
  store: string
  out: string
  onFile?: (path: string) => void
}): Promise<OutputIndex> {
  const { context, orderId, order, out } = args
  if ((await readdir(out).catch((): string[] => [])).length > 0) {
    throw new ClientError(`${out} is not empty.`, 'Give a directory that does not exist yet.')
  }
  if (order.settledAt === 0 || order.startedAt === 0) {
    const what = order.settledAt === 0 ? 'has not ended' : 'was never started'
    throw new ClientError(`Order ${orderId} ${what}: there is no result.`, 'Wait for its end, or cancel it.')
  }
  const bring = await createSource(args)
  const resultCid = await readResultCid(context, orderId, order.startedBlock)
  const index = parseOutputIndex(await bring('index.json', resultCid || undefined, MAX_OUTPUT_INDEX_BYTES))
  const partial = `${out}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  for (const { path, bytes: size, cid } of index.files) {
    const bytes = await bring(cid, cid, size)
    await mkdir(dirname(join(partial, path)), { recursive: true })
    await writeFile(join(partial, path), bytes)
    args.onFile?.(path)
  }
  await mkdir(dirname(out), { recursive: true })
  await rm(out, { recursive: true, force: true })
  await rename(partial, out)
  return index
}

/** Content by its hash, from the store or else from the machine; what has none is the seller's word alone. */
async function createSource({ context, orderId, order, store }: Parameters<typeof fetchOutput>[0]) {
  const endpoint = await sellerEndpoint(context, orderId, order)
  return async (name: string, cid: string | undefined, maxBytes: number): Promise<Uint8Array> => {
    try {
      if (cid !== undefined)
        return await fetchContent({ cid, gateway: store, maxBytes, timeoutMs: TIMEOUT_MS })
    } catch (error) {
      if (!(error instanceof ContentUnavailable)) throw error
    }
    const bytes = await fetchFromSeller(endpoint, `/orders/${orderId}/result/${name}`, maxBytes)
    if (cid === undefined || (await addBytes(bytes)).cid === cid) return bytes
    throw new ClientError(`The machine serves another file than ${cid}.`, 'Ask the seller for the right one.')
  }
}

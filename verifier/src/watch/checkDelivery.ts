import { addBytes } from '../content/addBytes.ts'
import {
  ContentMismatch,
  ContentTooLarge,
  ContentUnavailable,
  ContentUnsupported,
} from '../content/errors.ts'
import { InputInvalid } from '../errors.ts'
import { MAX_INDEX_BYTES, parseResultIndex, type ResultIndex } from '../parseResultIndex.ts'
import { MAX_METRICS_BYTES, resultIndex } from '../resultIndex.ts'
import type { ContentCache } from './contentCache.ts'
import { type Seller, sellerFile } from './sellerFile.ts'

/** A result as it has to be: metrics only where this machine can compute them. */
export type ExpectedResult = { readonly model: Uint8Array; readonly metrics: Uint8Array | undefined }

type Delivery = {
  readonly resultCid: string
  readonly expected: ExpectedResult
  readonly content: ContentCache
  readonly seller: Seller
  readonly giveUpAtMs: number
}

/**
 * Whether a completed order's result is what training came to, and can be had: from the store, or else from its seller.
 * Undefined: it is. Work that its buyer cannot have is not done.
 */
export async function checkDelivery(
  delivery: Delivery,
): Promise<{ verdict: 'fail' | 'unavailable'; reason: string } | undefined> {
  const { resultCid, expected } = delivery
  if (resultCid === '') return { verdict: 'unavailable', reason: 'the order was completed without a result' }
  try {
    const index = await indexOf(delivery)
    const model = (await addBytes(expected.model)).cid
    if (index.model !== model) return { verdict: 'fail', reason: 'the result is another model' }
    const metrics = expected.metrics && (await addBytes(expected.metrics)).cid
    if (metrics !== undefined && index.metrics !== metrics)
      return { verdict: 'fail', reason: 'the result claims other metrics' }
    await requireModel(delivery, model)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? `the result: ${error.message}` : String(error)
    if (error instanceof InputInvalid || error instanceof ContentUnsupported)
      return { verdict: 'fail', reason }
    if (isUnserved(error)) return { verdict: 'unavailable', reason }
    throw error
  }
}

function isUnserved(error: unknown): boolean {
  return [ContentUnavailable, ContentTooLarge, ContentMismatch].some((kind) => error instanceof kind)
}

async function indexOf(delivery: Delivery): Promise<ResultIndex> {
  const { content, resultCid } = delivery
  try {
    return parseResultIndex(await content.get(resultCid, MAX_INDEX_BYTES))
  } catch (error) {
    if (!isUnserved(error)) throw error
    const result = {
      model: await fromSeller(delivery, 'model.safetensors'),
      metrics: await fromSeller(delivery, 'metrics.json'),
    }
    const index = await resultIndex(result)
    if ((await addBytes(index)).cid !== resultCid) throw error
    return parseResultIndex(index)
  }
}

async function requireModel(delivery: Delivery, cid: string): Promise<void> {
  try {
    await delivery.content.get(cid, delivery.expected.model.length)
  } catch (error) {
    if (!isUnserved(error)) throw error
    if ((await addBytes(await fromSeller(delivery, 'model.safetensors'))).cid !== cid) throw error
  }
}

function fromSeller({ seller, expected, giveUpAtMs }: Delivery, name: string): Promise<Uint8Array> {
  const maxBytes = name === 'metrics.json' ? MAX_METRICS_BYTES : expected.model.length
  return sellerFile(seller, `result/${name}`, maxBytes, giveUpAtMs)
}

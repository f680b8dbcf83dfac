import { MAX_OUTPUT_INDEX_BYTES, parseOutputIndex } from '@trainyard/verifier/outputIndex.ts'
import { z } from 'zod'
import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import { metricsSchema, type Result } from './schemas.ts'

const MAX_JSON_BYTES = 64 * 1024

/** What a result's CID names: the CIDs of its parts. */
export const resultIndexSchema = z.object({ model: z.string().max(128), metrics: z.string().max(128) })

/** Reads what a seller says of its result from the store. It is a claim until the last segment's audit has passed. */
export class ResultReader {
  readonly #store: BlockStore

  constructor(store: BlockStore) {
    this.#store = store
  }

  /** The result as far as the store has it, or null while there is none. */
  async read(resultCid: string | null): Promise<Result | null> {
    if (resultCid === null) return null
    const output = await this.#readOutput(resultCid)
    if (output) return { cid: resultCid, modelCid: null, files: output, metrics: null }
    const index = await this.#readJson(resultCid, resultIndexSchema)
    const metrics = index && (await this.#readJson(index.metrics, metricsSchema))
    return { cid: resultCid, modelCid: index?.model ?? null, files: null, metrics: metrics ?? null }
  }

  /** Files of an order without proof, by an index of another form. */
  async #readOutput(cid: string): Promise<Result['files'] | undefined> {
    try {
      const bytes = await this.#store.get(parseBlockCid(cid), MAX_OUTPUT_INDEX_BYTES)
      return bytes && parseOutputIndex(bytes).files
    } catch {
      return undefined
    }
  }

  async #readJson<T>(cid: string, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      const bytes = await this.#store.get(parseBlockCid(cid), MAX_JSON_BYTES)
      if (bytes === undefined) return undefined
      return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    } catch {
      return undefined // untrusted: what cannot be read is not shown
    }
  }
}

import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import { type Metrics, metricsSchema } from './schemas.ts'

const MAX_METRICS_BYTES = 64 * 1024

/** Reads what a seller says of its result from the store. It is a claim until the last segment's audit has passed. */
export class ResultReader {
  readonly #store: BlockStore

  constructor(store: BlockStore) {
    this.#store = store
  }

  /** The result's metrics, or null while the store does not have them. */
  async metrics(resultCid: string | null): Promise<Metrics | null> {
    if (resultCid === null) return null
    try {
      const bytes = await this.#store.get(parseBlockCid(resultCid))
      if (bytes === undefined || bytes.length > MAX_METRICS_BYTES) return null
      return metricsSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    } catch {
      return null // untrusted: what cannot be read is not shown
    }
  }
}

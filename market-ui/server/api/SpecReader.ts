import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import type { BlockStore } from '../store/BlockStore.ts'
import { parseBlockCid } from '../store/parseBlockCid.ts'
import { type Specs, specsSchema } from './schemas.ts'

const MAX_BYTES = 64 * 1024
const KEPT = 20_000

/** Reads machines' specifications from the store by the hash on chain, whatever CID the seller gave. */
export class SpecReader {
  readonly #store: BlockStore
  readonly #known = new Map<string, Specs>()

  constructor(store: BlockStore) {
    this.#store = store
  }

  /** The specification, or null while the store does not have it or it cannot be read. */
  async read(specHash: string): Promise<Specs | null> {
    const known = this.#known.get(specHash)
    if (known !== undefined) return known
    const specs = await this.#readBlock(specHash).catch(() => null) // untrusted: what cannot be read is not shown
    if (specs !== null) {
      if (this.#known.size >= KEPT) this.#known.clear()
      this.#known.set(specHash, specs)
    }
    return specs
  }

  async #readBlock(specHash: string): Promise<Specs | null> {
    const bytes = await this.#store.get(parseBlockCid(rawCid(specHash)), MAX_BYTES)
    return bytes === undefined ? null : specsSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  }
}
